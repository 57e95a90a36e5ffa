package dev.everbearer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server's date says of our clock. */
class ServerClockTest {

  private static final String DATE = "Thu, 01 Jan 2026 12:00:00 GMT";

  @ParameterizedTest
  @Spec("DP-15")
  @CsvSource({
    "2026-01-01T12:05:00Z, 300 s ahead of the server's",
    "2026-01-01T11:55:00Z, 300 s behind the server's",
    "2026-01-01T12:00:11Z, 11 s ahead of the server's"
  })
  void aSkewIsNamedWithItsDirection(Instant now, String words) {
    assertThat(ServerClock.hint(DATE, now)).startsWith(" This machine's clock is " + words);
  }

  @ParameterizedTest
  @Spec("DP-15")
  @CsvSource({"2026-01-01T12:00:10Z", "2026-01-01T11:59:50Z", "2026-01-01T12:00:00Z"})
  void clocksThatAgreeAreNotNamed(Instant now) {
    assertThat(ServerClock.hint(DATE, now)).isEmpty();
  }

  @Test
  void withoutADateNothingIsKnown() {
    assertThat(ServerClock.hint(null, Instant.EPOCH)).isEmpty();
    assertThat(ServerClock.hint("yesterday", Instant.EPOCH)).isEmpty();
  }
}
