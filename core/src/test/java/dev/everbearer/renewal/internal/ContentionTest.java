package dev.everbearer.renewal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes that come too late, again and again. */
@Timeout(60)
class ContentionTest {

  private final SettableClock clock = new SettableClock();
  private final Contention contention = new Contention(new Pause(Timings.of(clock)));

  private void lose(int times) {
    for (int i = 0; i < times; i++) {
      contention.lost();
    }
  }

  @Test
  @Spec("LC-61")
  void theFirstIsMadeAgainAtOnceAndOthersLaterAndLater() {
    lose(1);
    CompletableFuture<Void> more =
        CompletableFuture.runAsync(() -> lose(5), task -> new Thread(task).start());
    while (!more.isDone()) {
      clock.advance(Duration.ofMillis(1));
    }
    assertThat(more).isCompleted();
    assertThat(Duration.between(SettableClock.START, clock.instant()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(25 + 50 + 100 + 200 + 200));
  }

  @Test
  @Spec("LC-61")
  void itEndsAndSaysWhatMayBeWrong() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> lose(100))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("took none of 60 writes")
        .hasMessageContaining("lag behind");
    assertThat(Thread.interrupted()).as("still interrupted, and not waiting").isTrue();
  }
}
