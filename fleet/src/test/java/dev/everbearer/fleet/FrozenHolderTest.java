package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.everbearer.store.Lease;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RefreshPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A process stands still in the middle of a renewal until its lease is over, and then goes on. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@DisabledOnOs(OS.WINDOWS)
@Execution(ExecutionMode.CONCURRENT)
class FrozenHolderTest {

  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration LONGEST_LEASE = Duration.ofSeconds(30);

  @TempDir Path home;

  @Test
  @Spec("LC-62")
  void whoIsFrozenBeforeItSendsDoesNotSendWhenItsLeaseIsOver() {
    try (Scene scene = Scene.inFiles(home)) {
      Frozen frozen = new Frozen(scene, "cas:2:after:wait");
      frozen.untilItsLeaseIsOver();
      assertThat(scene.server.tokenRequests()).as("nobody sends meanwhile").isEmpty();
      frozen.goesOn();
      frozen.bothHaveTheTokenOfOneRequest();
    }
  }

  @Test
  @Spec("LC-62")
  void whoIsFrozenWhenItGetsItsAnswerStillReadsIt() {
    try (Scene scene = Scene.inFiles(home)) {
      Frozen frozen = Frozen.withTheAnswerInItsSocket(scene, Duration.ZERO);
      frozen.untilItsLeaseIsOver();
      frozen.other.awaitTrouble("has not shown the answer");
      assertThat(scene.server.tokenRequests()).as("nobody sends once more").hasSize(1);
      frozen.goesOn();
      frozen.bothHaveTheTokenOfOneRequest();
    }
  }

  @Test
  @Spec("LC-62")
  void whileOneIsFrozenThatGetsItsAnswerAnotherGetsTheSameInsideAWindow() {
    try (Scene scene = Scene.inFiles(home)) {
      scene.server.refreshPolicy(RefreshPolicy.window(WINDOW, RefreshPolicy.Successor.SAME_CHILD));
      Frozen frozen = Frozen.withTheAnswerInItsSocket(scene, WINDOW);
      assertThat(scene.server.isActive(frozen.other.await("token"))).isTrue();
      frozen.goesOn();
      assertThat(scene.server.isActive(frozen.holder.await("token"))).isTrue();
      assertThat(scene.server.familiesRevoked()).isZero();
      assertThat(scene.isAlive(frozen.refreshToken)).isTrue();
    }
  }

  @Test
  @Spec("LC-62")
  void whoIsFrozenBeforeItCommitsCommitsWhenItsLeaseIsOver() {
    try (Scene scene = Scene.inFiles(home)) {
      Frozen frozen = new Frozen(scene, "cas:3:before:wait");
      frozen.untilItsLeaseIsOver();
      assertThat(scene.server.tokenRequests()).as("nobody sends once more").hasSize(1);
      frozen.goesOn();
      frozen.bothHaveTheTokenOfOneRequest();
    }
  }

  /** One that is frozen at a step of its renewal, and another one that waits for it. */
  private static final class Frozen {

    private final Scene scene;
    private final String refreshToken;
    private final Scene.Node holder;
    private final Scene.Node other;

    Frozen(Scene scene, String where) {
      this(scene, where, Duration.ZERO);
    }

    static Frozen withTheAnswerInItsSocket(Scene scene, Duration window) {
      scene.server.answerNext(Answer.healthy().held(), Answer.healthy());
      Frozen frozen = new Frozen(scene, "cas:2:after:tell", window);
      assertThat(scene.server.releaseHung()).isEqualTo(1);
      return frozen;
    }

    private Frozen(Scene scene, String where, Duration window) {
      this.scene = scene;
      this.refreshToken = scene.newRefreshToken();
      NodeSetting steady = scene.steadyNode().window(window);
      this.holder = scene.start(steady.at(where));
      this.other = scene.start(steady);
      holder.await("started");
      holder.renew(refreshToken);
      holder.await("reached");
      if (where.endsWith("tell")) {
        scene.server.awaitHung(1, LONGEST_LEASE);
      }
      holder.process().freeze();
      other.await("started");
      other.renew(refreshToken);
    }

    void untilItsLeaseIsOver() {
      await().atMost(LONGEST_LEASE).until(this::isLeaseOver);
    }

    private boolean isLeaseOver() {
      Snapshot current = scene.snapshot(refreshToken);
      Lease lease = current.record().rotation().lease();
      return lease == null || lease.isOver(current.now());
    }

    void goesOn() {
      holder.tell("go");
      holder.process().thaw();
    }

    void bothHaveTheTokenOfOneRequest() {
      String token = holder.await("token");
      assertThat(other.await("token")).isEqualTo(token);
      assertThat(scene.server.isActive(token)).isTrue();
      assertThat(scene.server.tokenRequests()).hasSize(1);
      assertThat(scene.server.reuseDetected()).isZero();
      assertThat(scene.isAlive(refreshToken)).isTrue();
    }
  }
}
