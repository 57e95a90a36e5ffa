package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@Spec("AC-07")
class PendingLoginsTest {

  private final SettableClock clock = new SettableClock();
  private final PendingLogins pending = new PendingLogins(clock);

  private void keep(String session, String state) {
    pending.keep(
        session,
        new AuthorizationRedirect(URI.create("https://id.example.com"), state, "p-" + state));
  }

  private static AuthorizationResponse answer(String state) {
    return AuthorizationResponse.ofQuery("code=c&state=" + state);
  }

  @Test
  void aLoginIsGivenOutOnceAndToItsSessionOnly() {
    keep("alice", "a");
    keep("alice", "b");
    assertThat(pending.take("mallory", answer("a"))).isEmpty();
    assertThat(pending.take("alice", answer("c"))).isEmpty();
    assertThat(pending.take("alice", AuthorizationResponse.ofQuery(null))).isEmpty();
    assertThat(pending.take("alice", answer("a"))).contains("p-a");
    assertThat(pending.take("alice", answer("a"))).isEmpty();
    assertThat(pending.take("alice", answer("b"))).contains("p-b");
    assertThat(pending.size()).isZero();
  }

  @Test
  void aLoginIsKeptForTenMinutes() {
    keep("alice", "a");
    clock.advance(Duration.ofMinutes(10).minusNanos(1));
    keep("alice", "b");
    assertThat(pending.take("alice", answer("a"))).contains("p-a");
    keep("alice", "a");
    clock.advance(Duration.ofMinutes(10));
    assertThat(pending.take("alice", answer("a"))).isEmpty();
    assertThat(pending.size()).isZero();
  }

  @Test
  void aFloodForgetsTheOldestAndOneSessionOnlyItsOwn() {
    keep("bob", "mine");
    for (int i = 0; i < 15_000; i++) {
      keep("flooder", "s" + i);
    }
    assertThat(pending.size()).isEqualTo(21);
    assertThat(pending.take("bob", answer("mine"))).contains("p-mine");
    assertThat(pending.take("flooder", answer("s14999"))).isPresent();
    assertThat(pending.take("flooder", answer("s14979"))).isEmpty();

    for (int i = 0; i < 15_000; i++) {
      keep("session" + i, "s");
    }
    assertThat(pending.size()).isEqualTo(10_000);
    assertThat(pending.take("session4999", answer("s"))).isEmpty();
    assertThat(pending.take("session5000", answer("s"))).isPresent();
    assertThat(pending.take("session14999", answer("s"))).isPresent();
  }
}
