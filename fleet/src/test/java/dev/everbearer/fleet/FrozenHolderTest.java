package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.everbearer.store.Lease;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.testing.Spec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process stands still in the middle of a renewal until its lease is over, and then goes on. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@DisabledOnOs(OS.WINDOWS)
class FrozenHolderTest {

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
      this.scene = scene;
      this.refreshToken = scene.newRefreshToken();
      this.holder = scene.start("outbox", Duration.ZERO, where);
      this.other = scene.start("outbox", Duration.ZERO, "none");
      holder.await("started");
      holder.renew(refreshToken);
      holder.await("reached");
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
