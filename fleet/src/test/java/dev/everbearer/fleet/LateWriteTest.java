package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/** A write is on its way for longer than the process waits that made it, and lands then. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class LateWriteTest {

  private static final Duration SHORT = Duration.ofSeconds(3);
  private static final Duration LONG = Duration.ofMinutes(5);

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "REDIS"})
  @Spec("RF-03")
  void whatIsNotWrittenForSureIsNotRenewedAgain(StoreKind kind, @TempDir Path home) {
    try (Late late = new Late(kind, home, "cas:3:before:wait")) {
      String first = late.holdersTokenWhileItsWriteIsOnItsWay();
      late.scene.server.accessTokenLifetime(LONG);
      late.holder.tell("another g " + first);
      late.holder.awaitTrouble("nothing was sent");
      late.other.renew(late.refreshToken);
      late.other.await("trouble");
      assertThat(late.scene.server.tokenRequests()).hasSize(1);

      late.road.open();
      String second = late.holder.await("another");
      await().until(() -> late.scene.isAlive(late.refreshToken));
      assertThat(late.other.await("token")).isIn(first, second);
      late.requestsAreRotations(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "REDIS"})
  @Spec("RF-03")
  void whatLandsAfterTheNextRenewalChangesNothing(StoreKind kind, @TempDir Path home) {
    try (Late late = new Late(kind, home, "cas:3:before:wait")) {
      String first = late.holdersTokenWhileItsWriteIsOnItsWay();
      late.road.keepBackNoMore();
      late.road.endClients();
      late.scene.server.accessTokenLifetime(LONG);
      late.holder.tell("another g " + first);
      String second = late.holder.await("another");
      await().until(() -> late.scene.isAlive(late.refreshToken));
      long version = late.scene.record(late.refreshToken).version();
      assertThat(late.road.waiting()).as("the first write").isPositive();

      late.road.deliver();
      await().until(late.road::isCarriedOut);
      assertThat(late.scene.record(late.refreshToken).version()).isEqualTo(version);
      late.other.renew(late.refreshToken);
      assertThat(late.other.await("token")).isEqualTo(second);
      late.requestsAreRotations(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "REDIS"})
  @Spec("RF-03")
  void underAClaimThatLandsLateNothingWasSent(StoreKind kind, @TempDir Path home) {
    try (Late late = new Late(kind, home, "cas:2:before:wait")) {
      late.road.keepBack(kind.mark());
      late.holder.tell("go");
      late.holder.awaitTrouble("nothing was sent");
      assertThat(late.scene.server.tokenRequests()).isEmpty();

      late.scene.server.accessTokenLifetime(LONG);
      late.road.open();
      String token = late.holder.await("token");
      late.other.renew(late.refreshToken);
      assertThat(late.other.await("token")).isEqualTo(token);
      late.requestsAreRotations(1);
    }
  }

  /** One whose road to the store is slow at a step of its renewal, and another one. */
  private static final class Late implements AutoCloseable {

    private final Scene scene;
    private final Road road;
    private final StoreKind kind;
    private final String refreshToken;
    private final Scene.Node holder;
    private final Scene.Node other;

    Late(StoreKind kind, Path home, String where) {
      this.kind = kind;
      scene = Scene.in(kind, home);
      scene.server.accessTokenLifetime(SHORT);
      road = kind.road();
      refreshToken = scene.newRefreshToken();
      holder = scene.start(scene.steadyNode().store(kind.by(road)).at(where));
      other = scene.start(scene.steadyNode());
      holder.await("started");
      other.await("started");
      holder.renew(refreshToken);
      holder.await("reached");
    }

    String holdersTokenWhileItsWriteIsOnItsWay() {
      road.keepBack(kind.mark());
      holder.tell("go");
      String token = holder.await("token");
      assertThat(scene.isAlive(refreshToken)).as("it is written").isFalse();
      return token;
    }

    void requestsAreRotations(int count) {
      assertThat(scene.isAlive(refreshToken)).isTrue();
      assertThat(scene.server.tokenRequests()).hasSize(count);
      assertThat(scene.server.rotations()).isEqualTo(count);
      assertThat(scene.server.familiesRevoked()).isZero();
      assertThat(holder.wanted() + other.wanted()).isZero();
    }

    @Override
    public void close() {
      scene.close();
      road.close();
    }
  }
}
