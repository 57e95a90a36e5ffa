package dev.everbearer.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final String DATE_OF_NOW = "Thu, 01 Jan 2026 12:00:00 GMT";
  private static final String TWO_SECONDS_LATER = "Thu, 01 Jan 2026 12:00:02 GMT";

  @ParameterizedTest
  @CsvSource({"120, 120", "0, 0", "300, 300", "301, 300", "999999999999999999, 300"})
  @Spec("LC-25")
  void secondsAreTakenUpToFiveMinutes(String value, long seconds) {
    assertThat(wait(value, null, NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  @Spec("LC-25")
  void aDateIsHeldAgainstOurClockWhenTheServerDoesNotTellItsOwn() {
    assertThat(wait(TWO_SECONDS_LATER, null, NOW)).isEqualTo(Duration.ofSeconds(2));
    assertThat(wait(TWO_SECONDS_LATER, "junk", NOW)).isEqualTo(Duration.ofSeconds(2));
    assertThat(wait("Wed, 21 Oct 2015 07:28:00 GMT", null, NOW)).isZero();
    assertThat(wait("Fri, 31 Dec 9999 23:59:59 GMT", null, NOW)).isEqualTo(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @ValueSource(longs = {-43_200, -60, 0, 60, 43_200})
  @Spec("LC-25")
  void aDateIsHeldAgainstTheServersClockHoweverWrongOursIs(long wrongBy) {
    assertThat(wait(TWO_SECONDS_LATER, DATE_OF_NOW, NOW.plusSeconds(wrongBy)))
        .isEqualTo(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "soon", "1.5", "", "1 s", "2026-01-01T12:00:02Z"})
  @Spec("LC-25")
  void junkAsksForNothing(String value) {
    assertThat(wait(value, DATE_OF_NOW, NOW)).isNull();
  }

  private static @Nullable Duration wait(
      String retryAfter, @Nullable String date, Instant receivedAt) {
    Map<String, List<String>> headers = new HashMap<>();
    headers.put("retry-after", List.of(retryAfter));
    if (date != null) {
      headers.put("date", List.of(date));
    }
    return HttpFailures.retryAfter(
        new HttpAnswer(
            URI.create("https://id.example.com/token"),
            503,
            headers,
            "".getBytes(UTF_8),
            receivedAt));
  }
}
