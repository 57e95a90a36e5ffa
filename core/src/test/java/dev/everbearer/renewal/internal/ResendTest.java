package dev.everbearer.renewal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.server.ReuseWindow;
import dev.everbearer.server.ReuseWindow.Successor;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.testing.Spec;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a refresh token without an answer is sent again: an exchange takes at most 10 s. */
class ResendTest {

  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  private static Resend resend(ReuseWindow window) {
    return new Resend(window, Duration.ofSeconds(10));
  }

  private static UnclearSend givenUpAt(double seconds) {
    return new UnclearSend(FIRST, at(seconds));
  }

  private static Instant at(double seconds) {
    return FIRST.plusMillis((long) (seconds * 1000));
  }

  private static @Nullable Duration seconds(@Nullable Double value) {
    return value == null ? null : Duration.ofMillis((long) (value * 1000));
  }

  @ParameterizedTest(name = "{0} s, {1}: given up at {2}, now {3}: wait {4}")
  @Spec("RF-07")
  @CsvSource({
    // The same answer again: at once, as long as an exchange ends within 0.8 of the window.
    "60, SAME, 1, 1, 0",
    "60, SAME, 10, 38, 0",
    "60, SAME, 10, 38.1,",
    // Another one each time, or not known: the first request is let finish, if there is time.
    "60, INSTEAD, 1, 1, 10",
    "60, INSTEAD, 1, 4, 7",
    "60, INSTEAD, 1, 11, 0",
    "60, BESIDE, 10, 10, 10",
    "60, INSTEAD, 28, 28, 10",
    "60, INSTEAD, 29, 29, 0",
    "60, INSTEAD, 30, 38.1,",
    // A short window: an exchange gets two fifths of it.
    "20, SAME, 8, 8, 0",
    "20, SAME, 8, 8.1,",
    "20, INSTEAD, 1, 1, 0",
    // The clock went back since: nothing is known of the window.
    "60, SAME, 10, 9,",
    "60, SAME, 10, -3600,",
  })
  void insideAWindow(long window, Successor successor, double givenUp, double now, Double wait) {
    ReuseWindow known = ReuseWindow.of(Duration.ofSeconds(window)).giving(successor);
    assertThat(resend(known).insideWindow(givenUpAt(givenUp), at(now))).isEqualTo(seconds(wait));
  }

  @ParameterizedTest(name = "now {0}")
  @Spec("RF-07")
  @CsvSource({"1", "20", "1000000"})
  void whereOldTokensStayGoodThereIsNothingToWaitFor(double now) {
    assertThat(resend(ReuseWindow.unlimited()).insideWindow(givenUpAt(1), at(now)))
        .isEqualTo(Duration.ZERO);
    assertThat(resend(ReuseWindow.none()).insideWindow(givenUpAt(1), at(now))).isNull();
    assertThat(resend(ReuseWindow.unknown()).insideWindow(givenUpAt(1), at(now))).isNull();
  }

  @ParameterizedTest(name = "given up at {0}, now {1}: quiet for {2}")
  @Spec("RF-07")
  @CsvSource({"5, 5, 10", "5, 7, 8", "5, 15, 0", "5, 16, 0", "5, 4, 10", "5, -3600, 10"})
  void aRequestMayBeProcessedForAsLongAsAnExchangeTakes(double givenUp, double now, double quiet) {
    assertThat(resend(ReuseWindow.none()).quiet(givenUpAt(givenUp), at(now)))
        .isEqualTo(seconds(quiet));
  }
}
