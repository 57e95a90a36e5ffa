package dev.everbearer.renewal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.CapturedLogs;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** What a store does not take is tried again, and at what pace. */
class StoreRetriesTest {

  private final SettableClock clock = new SettableClock();
  private final StoreRetries retries = new StoreRetries();
  private final List<Long> triedAt = new ArrayList<>();

  /** Fails until it was tried so often. */
  private void begin(int times) {
    retries.until(
        Timings.of(clock),
        () -> {
          triedAt.add(Duration.between(SettableClock.START, clock.instant()).toMillis());
          if (triedAt.size() < times) {
            throw new IllegalStateException("down");
          }
        });
  }

  private void passSeconds(int seconds) {
    for (int i = 0; i < seconds * 100; i++) {
      clock.advance(Duration.ofMillis(10));
    }
  }

  @Test
  @Spec("RF-03")
  void itIsTriedLessAndLessOftenUntilItIsDone() {
    begin(9);
    passSeconds(60);
    assertThat(triedAt)
        .containsExactly(100L, 300L, 700L, 1500L, 3100L, 6300L, 11300L, 16300L, 21300L);
  }

  @Test
  @Spec("RF-03")
  void itEndsWithTheClientWhichSaysWhatIsLeft() {
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.renewal")) {
      begin(100);
      passSeconds(2);
      retries.close();
      passSeconds(60);
      assertThat(triedAt).hasSize(4);
      assertThat(logs.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("closed while 1 changes wait", "outbox");
    }
  }

  @Test
  @Spec("RF-03")
  void whatIsDoneIsNotSpokenOf() {
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.renewal")) {
      begin(1);
      passSeconds(1);
      retries.close();
      assertThat(logs.messages(Level.WARNING)).isEmpty();
    }
  }
}
