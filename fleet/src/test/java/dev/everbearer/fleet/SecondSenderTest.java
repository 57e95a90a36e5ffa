package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.store.Sender;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.RefreshPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process is silent after it has sent the refresh token; at a server that takes it again for a
 * while, another one claims it to send it once more, and is killed before it does.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class SecondSenderTest {

  private static final Duration EXCHANGE = Duration.ofSeconds(2);
  private static final Duration WINDOW = Duration.ofMinutes(10);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Spec("RF-03")
  void whatTheFirstHasSentIsStillItsOwn(boolean isFirstKilledToo, @TempDir Path home) {
    try (Scene scene = Scene.inFiles(home)) {
      scene.server.refreshPolicy(RefreshPolicy.window(WINDOW, RefreshPolicy.Successor.SAME_CHILD));
      NodeSetting setting = scene.node().window(WINDOW).exchange(EXCHANGE);
      String refreshToken = scene.newRefreshToken();
      Scene.Node first = scene.start(setting.outbox("first").at("cas:3:before:wait"));
      Scene.Node second = scene.start(setting.outbox("second").at("cas:1:after:halt"));
      Scene.Node third = scene.start(setting.outbox("third"));
      first.await("started");
      first.renew(refreshToken);
      first.await("reached");
      second.renew(refreshToken);
      assertThat(second.process().awaitEnd()).isEqualTo(CrashPoints.HALTED);
      assertThat(scene.record(refreshToken).rotation().senders())
          .extracting(Sender::attempt)
          .containsExactlyInAnyOrder(1, 2);

      if (isFirstKilledToo) {
        first.process().kill();
        Scene.Node again = scene.start(setting.outbox("first"));
        again.renew(refreshToken);
      } else {
        first.tell("go");
        first.await("token");
      }
      third.renew(refreshToken);
      assertThat(scene.server.isActive(third.await("token"))).isTrue();
      assertThat(scene.isAlive(refreshToken)).isTrue();
      assertThat(scene.server.tokenRequests()).hasSize(1);
    }
  }
}
