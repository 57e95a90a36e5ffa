package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.everbearer.testing.Spec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The wall clocks of processes are five minutes ahead of the store's, and five behind. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class ClockSkewTest {

  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final Duration LESS_THAN_THE_SKEW = Duration.ofMinutes(4);
  private static final Duration SHORT = Duration.ofSeconds(4);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int EXPIRIES = 3;

  @ParameterizedTest
  @EnumSource
  @Spec("RF-04")
  void noClaimIsTakenAndNoTokenRenewedBeforeItsTime(StoreKind kind, @TempDir Path home) {
    try (Scene scene = Scene.in(kind, home)) {
      NodeSetting setting = scene.steadyNode();
      Scene.Node behind = scene.start(setting.wallClock(SKEW.negated()).at("cas:2:after:wait"));
      Scene.Node ahead = scene.start(setting.wallClock(SKEW));
      Scene.Node right = scene.start(setting);
      List<Scene.Node> nodes = List.of(behind, ahead, right);
      nodes.forEach(node -> node.await("started"));
      scene.server.accessTokenLifetime(LESS_THAN_THE_SKEW);

      String refreshToken = scene.newRefreshToken();
      behind.renew(refreshToken);
      behind.await("reached");
      ahead.renew(refreshToken);
      ahead.awaitTrouble("Somebody else is renewing");
      assertThat(scene.server.tokenRequests()).as("the claim stands").isEmpty();
      behind.tell("go");
      String token = behind.await("token");
      assertThat(ahead.await("token")).isEqualTo(token);
      right.renew(refreshToken);
      assertThat(right.await("token")).isEqualTo(token);
      assertThat(scene.server.tokenRequests()).hasSize(1);

      whatOneGetsTheOthersTakeOver(scene, ahead, nodes);
      whatOneGetsTheOthersTakeOver(scene, right, nodes);
      assertThat(scene.server.tokenRequests()).hasSize(3);
      eachExpiryIsSeenByAllAndMakesOneRequest(scene, nodes);
    }
  }

  private static void whatOneGetsTheOthersTakeOver(
      Scene scene, Scene.Node one, List<Scene.Node> nodes) {
    String refreshToken = scene.newRefreshToken();
    one.renew(refreshToken);
    String token = one.await("token");
    nodes.forEach(node -> node.renew(refreshToken));
    nodes.forEach(node -> assertThat(node.await("token")).isEqualTo(token));
  }

  private static void eachExpiryIsSeenByAllAndMakesOneRequest(Scene scene, List<Scene.Node> nodes) {
    int before = scene.server.rotations();
    scene.server.accessTokenLifetime(SHORT);
    String refreshToken = scene.newRefreshToken();
    nodes.forEach(node -> node.tell("grant g " + refreshToken));
    nodes.forEach(node -> node.tell("follow"));
    await().atMost(PATIENCE).until(() -> scene.server.rotations() > before + EXPIRIES);
    nodes.forEach(node -> node.tell("report"));
    for (Scene.Node node : nodes) {
      String[] followed = node.await("followed").split(" ");
      assertThat(Integer.parseInt(followed[0])).as("tokens").isGreaterThan(1);
      assertThat(followed[1]).as("logins").isEqualTo("0");
    }
    await().until(() -> scene.server.tokenRequests().size() == scene.server.rotations());
    assertThat(scene.server.familiesRevoked()).isZero();
    await().until(() -> scene.isAlive(refreshToken));
  }
}
