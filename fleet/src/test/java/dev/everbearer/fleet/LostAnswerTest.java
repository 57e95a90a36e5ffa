package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RefreshPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The answer to one of two processes is lost on its way. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LostAnswerTest {

  private static final Duration WINDOW = Duration.ofSeconds(30);

  @TempDir Path home;

  @Test
  @Spec("RF-03")
  void insideAWindowTheTokenIsSentAgainAndBothGoOn() {
    try (Scene scene = Scene.inFiles(home)) {
      scene.server.refreshPolicy(RefreshPolicy.window(WINDOW, RefreshPolicy.Successor.SAME_CHILD));
      List<Scene.Node> nodes = afterALostAnswer(scene, WINDOW);
      String token = nodes.get(0).await("token");
      assertThat(nodes.get(1).await("token")).isEqualTo(token);
      assertThat(scene.server.isActive(token)).isTrue();
      assertThat(scene.server.tokenRequests()).hasSize(2);
      assertThat(scene.server.familiesRevoked()).isZero();
    }
  }

  @Test
  @Spec("RF-03")
  void withoutAWindowBothSayThatItIsLost() {
    try (Scene scene = Scene.inFiles(home)) {
      List<Scene.Node> nodes = afterALostAnswer(scene, Duration.ZERO);
      assertThat(nodes.get(0).next()).isEqualTo("over LOST_IN_FLIGHT");
      assertThat(nodes.get(1).next()).isEqualTo("over LOST_IN_FLIGHT");
      assertThat(scene.server.tokenRequests()).as("it is asked once more, and late").hasSize(2);
    }
  }

  private static List<Scene.Node> afterALostAnswer(Scene scene, Duration window) {
    String refreshToken = scene.newRefreshToken();
    scene.server.answerNext(Answer.healthy().sentAs(Answer.closeBeforeAnswer()), Answer.healthy());
    List<Scene.Node> nodes =
        List.of(scene.start("outbox", window, "none"), scene.start("outbox", window, "none"));
    nodes.forEach(node -> node.await("started"));
    nodes.forEach(node -> node.renew(refreshToken));
    return nodes;
  }
}
