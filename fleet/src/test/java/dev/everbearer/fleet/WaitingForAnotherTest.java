package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One process renews, and takes longer for it than another one waits in one go. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WaitingForAnotherTest {

  /** A lease of these processes is longer than an exchange by ten seconds. */
  private static final Duration SOONER_THAN_THE_LEASE = Duration.ofSeconds(5);

  @TempDir Path home;

  @Test
  @Spec("RF-04")
  void whatAnotherGetsLateIsTakenOverSoonAndNotWhenItsLeaseIsOver() {
    try (Scene scene = Scene.inFiles(home)) {
      String refreshToken = scene.newRefreshToken();
      Scene.Node holder = scene.start("outbox", Duration.ZERO, "cas:3:before:wait");
      Scene.Node other = scene.start("outbox", Duration.ZERO, "none");
      other.await("started");
      holder.await("started");
      holder.renew(refreshToken);
      holder.await("reached");
      other.renew(refreshToken);
      assertThat(other.await("trouble")).contains("Somebody else is renewing");
      holder.tell("go");
      String token = holder.await("token");
      long start = System.nanoTime();
      assertThat(other.await("token")).isEqualTo(token);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOONER_THAN_THE_LEASE);
      assertThat(scene.server.tokenRequests()).hasSize(1);
    }
  }
}
