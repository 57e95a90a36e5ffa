package dev.everbearer.protocol;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code expires_in} (RFC 6749 section 5.1) as servers really send it. Seconds, never guessed
 * to be anything else.
 */
final class ExpiresIn {

  /** Nothing is kept longer than this, whatever the server says. */
  static final Duration MAX = Duration.ofDays(365);

  private static final Pattern NUMBER =
      Pattern.compile("-?\\d{1,1000}(\\.\\d{1,1000})?([eE][+-]?\\d{1,9})?");
  private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(MAX.toSeconds());

  /**
   * What was read.
   *
   * @param life null when the life is not known
   * @param complaint what is wrong with the value; null when nothing is
   */
  record Reading(@Nullable Duration life, @Nullable String complaint) {}

  private ExpiresIn() {}

  static Reading read(@Nullable Object value) {
    if (value == null) {
      return new Reading(null, null);
    }
    BigDecimal seconds = number(value);
    if (seconds == null) {
      return new Reading(null, "expires_in is not a number");
    }
    if (seconds.signum() < 0) {
      return new Reading(null, "expires_in is negative");
    }
    if (seconds.compareTo(MAX_SECONDS) >= 0) {
      return new Reading(MAX, null);
    }
    long whole = wholeSeconds(seconds);
    return new Reading(
        Duration.ofSeconds(whole),
        whole == 0 ? "expires_in is 0, so the token is used once and not kept" : null);
  }

  /**
   * Reads an expiry that is given as seconds since 1970; null when it is not after the sending.
   *
   * @param sentAt when the request was sent
   */
  static @Nullable Reading readUntil(@Nullable Object value, Instant sentAt) {
    BigDecimal end = number(value);
    if (end == null) {
      return read(value);
    }
    BigDecimal start =
        BigDecimal.valueOf(sentAt.getEpochSecond()).add(BigDecimal.valueOf(sentAt.getNano(), 9));
    if (end.compareTo(start) <= 0) {
      return null;
    }
    // Compared before it is subtracted: a huge exponent must not be written out.
    return end.compareTo(start.add(MAX_SECONDS)) >= 0
        ? new Reading(MAX, null)
        : read(end.subtract(start));
  }

  /** Rounded down. Below one nothing is divided: a huge negative exponent would take for ever. */
  private static long wholeSeconds(BigDecimal seconds) {
    return seconds.compareTo(BigDecimal.ONE) < 0
        ? 0
        : seconds.setScale(0, RoundingMode.DOWN).longValueExact();
  }

  /** The number that a member holds, plain or in a string; null when it holds none. */
  static @Nullable BigDecimal number(@Nullable Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof Integer || value instanceof Long) {
      return BigDecimal.valueOf(((Number) value).longValue());
    }
    return value instanceof String text && NUMBER.matcher(text).matches()
        ? new BigDecimal(text)
        : null;
  }
}
