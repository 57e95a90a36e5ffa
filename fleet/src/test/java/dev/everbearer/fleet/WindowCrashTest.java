package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.RefreshPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process ends, as by kill -9, while the server takes a replaced token for a while or not, and is
 * started again at once, or when nobody waits for it any more. {@link CrashTest} has those at a
 * server that takes none, started again at once.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class WindowCrashTest {

  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration LONGER_THAN_THE_LEASE = Duration.ofSeconds(20);

  /** The hold is a minute. */
  @ParameterizedTest
  @CsvSource({
    "PT30S, PT0S, token",
    "PT10M, PT0S, token",
    "PT0S, PT75S, over LOST_IN_FLIGHT",
    "PT30S, PT75S, over LOST_IN_FLIGHT",
    "PT10M, PT75S, token"
  })
  @Spec("RF-03")
  void onlyWhatNobodyHasKeptIsLostAndOnlyWhenTheWindowIsOver(
      Duration window, Duration later, String ofLost, @TempDir Path home) {
    try (Scene scene = Scene.inFiles(home)) {
      if (!window.isZero()) {
        scene.server.refreshPolicy(
            RefreshPolicy.window(window, RefreshPolicy.Successor.SAME_CHILD));
      }
      NodeSetting setting = scene.steadyNode().window(window);
      Crash unsent = new Crash(scene, setting, "cas:2:after");
      Crash kept = new Crash(scene, setting, "put:1:after");
      Crash lost = new Crash(scene, setting, "put:1:before");
      unsent.awaitEnd();
      kept.awaitEnd();
      lost.awaitEnd();
      scene.serverClockAhead(later);
      assertThat(unsent.startedAgain(later)).startsWith("token");
      assertThat(kept.startedAgain(later)).startsWith("token");
      assertThat(lost.startedAgain(later)).startsWith(ofLost);
      assertThat(scene.server.tokenRequests()).hasSize(4);
      assertThat(scene.isAlive(unsent.refreshToken)).isTrue();
      assertThat(scene.isAlive(kept.refreshToken)).isTrue();
      assertThat(scene.isAlive(lost.refreshToken)).isEqualTo(ofLost.equals("token"));
    }
  }

  /** Outside of a window it would wait for the hold. */
  @Test
  @Spec("RF-03")
  void insideAWindowAnotherSendsAgainAsSoonAsTheLeaseIsOver(@TempDir Path home) {
    try (Scene scene = Scene.inFiles(home)) {
      scene.server.refreshPolicy(RefreshPolicy.window(WINDOW, RefreshPolicy.Successor.SAME_CHILD));
      NodeSetting setting = scene.steadyNode().window(WINDOW);
      Crash unsent = new Crash(scene, setting, "cas:2:after");
      Crash lost = new Crash(scene, setting, "put:1:before");
      unsent.awaitEnd();
      lost.awaitEnd();
      scene.serverClockAhead(LONGER_THAN_THE_LEASE);
      Scene.Node another = scene.start(setting.outbox("another").storeClock(LONGER_THAN_THE_LEASE));
      another.await("started");
      assertThat(renewedSoon(another, unsent)).startsWith("token");
      assertThat(renewedSoon(another, lost)).startsWith("token");
      assertThat(scene.server.tokenRequests()).hasSize(3);
      assertThat(scene.server.familiesRevoked()).isZero();
    }
  }

  /** The hold goes on for 40 seconds more. */
  private static String renewedSoon(Scene.Node node, Crash crash) {
    node.tell("grant g " + crash.refreshToken);
    node.tell("token g PT25S");
    return node.next();
  }

  /** One process, one grant, one place to end. */
  private static final class Crash {

    private final Scene scene;
    private final NodeSetting setting;
    private final String refreshToken;
    private final Scene.Node first;

    Crash(Scene scene, NodeSetting usual, String where) {
      this.scene = scene;
      this.setting = usual.outbox(where.replace(':', '-'));
      this.refreshToken = scene.newRefreshToken();
      this.first = scene.start(setting.at(where + ":halt"));
      first.renew(refreshToken);
    }

    void awaitEnd() {
      assertThat(first.process().awaitEnd()).isEqualTo(CrashPoints.HALTED);
    }

    String startedAgain(Duration later) {
      Scene.Node again = scene.start(setting.storeClock(later));
      again.await("started");
      again.renew(refreshToken);
      return again.next();
    }
  }
}
