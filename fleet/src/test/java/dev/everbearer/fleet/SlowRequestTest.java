package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.RefreshPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A request is on its way to the server for longer than the process waits that sent it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class SlowRequestTest {

  private static final Duration EXCHANGE = Duration.ofSeconds(2);
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path home;

  /** Nobody has the successor then, and one process finds that out, once. */
  @Test
  @Spec("RF-03")
  void whileItMayStillArriveNothingIsSentThatWouldEndTheGrant() {
    try (Slow slow = new Slow(home, Duration.ZERO)) {
      slow.sender.awaitTrouble("did not answer");
      slow.other.renew(slow.refreshToken);
      slow.road.deliver();
      await().atMost(PATIENCE).until(() -> slow.scene.server.rotations() == 1);
      Instant first = slow.scene.server.requests().get(0).arrival();
      assertThat(slow.scene.server.familiesRevoked()).as("the grant lives").isZero();

      slow.road.open();
      assertThat(slow.sender.next()).isEqualTo("over LOST_IN_FLIGHT");
      assertThat(slow.other.next()).isEqualTo("over LOST_IN_FLIGHT");
      Instant second = slow.scene.server.awaitRequests(2, PATIENCE).get(1).arrival();
      assertThat(second).isAfter(first).isAfterOrEqualTo(slow.quietUntil());
      slow.sender.tell("token g PT5S");
      assertThat(slow.sender.next()).isEqualTo("over LOST_IN_FLIGHT");
      assertThat(slow.scene.server.tokenRequests()).as("it is not tried again").hasSize(2);
      assertThat(slow.sender.wanted()).as("it is told once").isEqualTo(1);
      assertThat(slow.other.wanted()).as("it is told once").isEqualTo(1);
    }
  }

  @Test
  @Spec("RF-03")
  void oneThatNeverArrivedIsSentAgainWhenItCanArriveNoMore() {
    try (Slow slow = new Slow(home, Duration.ZERO)) {
      slow.sender.awaitTrouble("did not answer");
      slow.other.renew(slow.refreshToken);
      slow.road.keepBackNoMore();
      slow.road.end();
      String token = slow.sender.await("token");
      assertThat(slow.other.await("token")).isEqualTo(token);
      assertThat(slow.scene.server.tokenRequests()).hasSize(1);
      assertThat(slow.scene.server.requests().get(0).arrival()).isAfterOrEqualTo(slow.quietUntil());
      assertThat(slow.scene.isAlive(slow.refreshToken)).isTrue();
    }
  }

  @Test
  @Spec("RF-03")
  void insideAWindowItMayArriveAfterTheOneThatWasSentInItsPlace() {
    try (Slow slow = new Slow(home, WINDOW)) {
      slow.road.keepBackNoMore();
      String token = slow.sender.await("token");
      slow.road.deliver();
      slow.scene.server.awaitRequests(2, PATIENCE);
      await().until(slow.road::isCarriedOut);
      slow.other.renew(slow.refreshToken);
      assertThat(slow.other.await("token")).isEqualTo(token);
      assertThat(slow.scene.server.tokenRequests()).hasSize(2);
      assertThat(slow.scene.server.familiesRevoked()).isZero();
      assertThat(slow.scene.isAlive(slow.refreshToken)).isTrue();
    }
  }

  /** One whose request is kept back on its way, and another one. */
  private static final class Slow implements AutoCloseable {

    private final Scene scene;
    private final Road road;
    private final String refreshToken;
    private final Scene.Node sender;
    private final Scene.Node other;
    private final Instant sentAt;

    Slow(Path home, Duration window) {
      scene = Scene.inFiles(home);
      scene.server.refreshPolicy(
          window.isZero()
              ? RefreshPolicy.STRICT
              : RefreshPolicy.window(window, RefreshPolicy.Successor.SAME_CHILD));
      URI endpoint = scene.server.tokenEndpoint();
      road = new Road(endpoint.getPort());
      NodeSetting setting =
          scene
              .node()
              .exchange(EXCHANGE)
              .window(window)
              .tokenEndpoint(URI.create("http://127.0.0.1:" + road.port() + endpoint.getRawPath()));
      refreshToken = scene.newRefreshToken();
      sender = scene.start(setting);
      other = scene.start(setting);
      sender.await("started");
      other.await("started");
      road.keepBack("refresh_token=");
      sender.renew(refreshToken);
      await().atMost(PATIENCE).until(() -> road.waiting() == 1);
      sentAt = scene.record(refreshToken).unclear().orElseThrow().firstAt();
    }

    /** It is given up after the exchange, and may be carried out for as long again. */
    Instant quietUntil() {
      return sentAt.plus(EXCHANGE).plus(EXCHANGE);
    }

    @Override
    public void close() {
      scene.close();
      road.close();
    }
  }
}
