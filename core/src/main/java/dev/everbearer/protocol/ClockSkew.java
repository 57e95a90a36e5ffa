package dev.everbearer.protocol;

import dev.everbearer.wire.HttpAnswer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether the clocks disagree, by the {@code Date} of an answer (RFC 9110 section 6.6.1). */
final class ClockSkew {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.protocol");
  private static final Duration TOLERANCE = Duration.ofSeconds(10);

  private ClockSkew() {}

  /**
   * How far the server's clock is ahead of ours, negative when behind, and a warning of it; null
   * when they agree within ten seconds, or the answer does not say.
   */
  static @Nullable Duration reported(HttpAnswer answer) {
    Instant date = date(answer.header("date").orElse(""));
    if (date == null) {
      return null;
    }
    Duration skew = Duration.between(answer.receivedAt(), date);
    if (skew.abs().compareTo(TOLERANCE) <= 0) {
      return null;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "The clock of {0} is {1} s {2} this machine''s, and it refused the client. The next client"
            + " assertion goes by its clock. Set this machine''s clock.",
        answer.uri(),
        String.valueOf(skew.abs().toSeconds()),
        skew.isNegative() ? "behind" : "ahead of");
    return skew;
  }

  private static @Nullable Instant date(String value) {
    try {
      return ZonedDateTime.parse(
              value, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
          .toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
