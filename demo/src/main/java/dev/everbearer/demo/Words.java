package dev.everbearer.demo;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Numbers and times as people read them, the same in every locale. */
final class Words {

  private static final double NANOS_PER_SECOND = 1e9;

  private Words() {}

  /** A count, with thousands set apart. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** So many of something, in the singular for one. */
  static String many(long value, String singular) {
    return count(value) + " " + singular + (value == 1 ? "" : "s");
  }

  /** Nanoseconds as seconds, to a tenth. */
  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / NANOS_PER_SECOND);
  }

  /** Milliseconds, finer when they are few. */
  static String millis(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.1f ms" : "%,.0f ms", value);
  }

  /** A duration as it would be given on the command line, to the millisecond. */
  static String plain(Duration duration) {
    BigDecimal seconds = BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros();
    return seconds.toPlainString() + " s";
  }
}
