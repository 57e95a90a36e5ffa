package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process ends while the answer to its refresh token is on the way. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EndingProcessTest {

  private static final Duration SLOW = Duration.ofMillis(500);

  @TempDir Path home;

  @Test
  @Spec("RF-03")
  void whoExitsWritesWhatItGetsFirst() {
    assertThat(written(node -> node.tell("exit"))).isTrue();
  }

  @Test
  @Spec("RF-03")
  @DisabledOnOs(OS.WINDOWS)
  void whoIsToldToTerminateWritesWhatItGetsFirst() {
    assertThat(written(node -> node.process().terminate())).isTrue();
  }

  @Test
  void whoIsKilledDoesNot() {
    assertThat(written(node -> node.process().kill())).isFalse();
  }

  private boolean written(Consumer<Scene.Node> end) {
    try (Scene scene = Scene.inFiles(home)) {
      String refreshToken = scene.newRefreshToken();
      scene.server.answerNext(Answer.healthy().delayed(SLOW), Answer.healthy());
      Scene.Node node = scene.start("outbox", Duration.ZERO, "cas:2:after:tell");
      node.await("started");
      node.renew(refreshToken);
      node.await("reached");
      scene.server.awaitRequests(1, Duration.ofSeconds(10));
      end.accept(node);
      int unused = node.process().awaitEnd();
      return scene.isAlive(refreshToken);
    }
  }
}
