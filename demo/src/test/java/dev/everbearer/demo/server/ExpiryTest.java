package dev.everbearer.demo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.demo.server.Caller.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ExpiryTest {

  private static final Duration LIFETIME = Duration.ofSeconds(1);

  @Test
  void refusesATokenFromItsExpiryOn() {
    try (var servers = DemoServers.start(shortLived())) {
      Caller caller = new Caller(servers);
      Instant asked = Instant.now();
      String token = caller.clientCredentials().text("access_token");
      Instant answered = Instant.now();
      Answer refusal = firstRefusal(caller, token, answered.plus(LIFETIME));
      assertThat(Instant.now()).isAfterOrEqualTo(asked.plus(LIFETIME));
      assertThat(refusal.status()).isEqualTo(401);
      assertThat(refusal.challenge()).contains("error=\"invalid_token\"");
    }
  }

  private static DemoServers.Options shortLived() {
    return DemoServers.Options.defaults().withAccessTokenLifetime(LIFETIME);
  }

  /** Calls until the API refuses; the last call is one begun after the latest possible expiry. */
  private static Answer firstRefusal(Caller caller, String token, Instant latestExpiry) {
    while (true) {
      boolean last = Instant.now().isAfter(latestExpiry);
      Answer answer = caller.user(token);
      if (last || answer.status() != 200) {
        return answer;
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
