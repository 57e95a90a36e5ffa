package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.everbearer.store.Lease;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.testing.Spec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One process has the server's answer and cannot reach the store, and all others can. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class CutOffTest {

  private static final Duration LONGEST_LEASE = Duration.ofSeconds(30);

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "REDIS"})
  @Spec("RF-03")
  void othersWaitForItBeyondItsLeaseAndTakeOverWhatItWritesThen(
      StoreKind kind, @TempDir Path home) {
    try (Scene scene = Scene.in(kind, home);
        Road road = kind.road()) {
      String refreshToken = scene.newRefreshToken();
      Scene.Node holder =
          scene.start(scene.steadyNode().store(kind.by(road)).at("cas:3:before:wait"));
      Scene.Node other = scene.start(scene.steadyNode());
      holder.await("started");
      other.await("started");
      holder.renew(refreshToken);
      holder.await("reached");
      road.block();
      holder.tell("go");
      String token = holder.await("token");
      assertThat(scene.isAlive(refreshToken)).as("the store has the one that is spent").isFalse();
      other.renew(refreshToken);
      await().atMost(LONGEST_LEASE).until(() -> isLeaseOver(scene.snapshot(refreshToken)));
      other.awaitTrouble("has not shown the answer");
      assertThat(scene.server.tokenRequests()).hasSize(1);
      road.open();
      assertThat(other.await("token")).isEqualTo(token);
      assertThat(scene.isAlive(refreshToken)).isTrue();
      assertThat(scene.server.isActive(token)).isTrue();
      assertThat(scene.server.tokenRequests()).hasSize(1);
    }
  }

  private static boolean isLeaseOver(Snapshot current) {
    Lease lease = current.record().rotation().lease();
    return lease == null || lease.isOver(current.now());
  }
}
