package dev.everbearer.store.redis;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** Times as microseconds since 1970, in digits. */
final class Micros {

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
  private static final Instant LAST = read("9".repeat(18)).orElseThrow();

  private Micros() {}

  static String of(Instant time) {
    Instant kept = time.isAfter(LAST) ? LAST : time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
    return Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, kept));
  }

  /** The time; empty when it is none. */
  static Optional<Instant> read(String digits) {
    return DIGITS.matcher(digits).matches()
        ? Optional.of(Instant.EPOCH.plus(Long.parseLong(digits), ChronoUnit.MICROS))
        : Optional.empty();
  }
}
