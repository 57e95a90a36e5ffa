package dev.everbearer.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what is wrong with options before anything is started. */
final class OptionsCheck {

  static final int MAX_RATE = 5000;
  static final int MAX_THREADS = 256;
  static final Duration MAX_DURATION = Duration.ofHours(1);
  static final Duration MAX_LIFETIME = Duration.ofDays(1);

  /** The server rounds a token's remaining life down to seconds, so one second would be none. */
  static final Duration MIN_LIFETIME = Duration.ofSeconds(2);

  private OptionsCheck() {}

  /** The first problem, in one line; empty when all is well. */
  static Optional<String> problem(DemoOptions options) {
    return Stream.of(
            range("--token-lifetime", options.tokenLifetime(), MIN_LIFETIME, MAX_LIFETIME),
            range("--rate", options.rate(), MAX_RATE),
            range("--threads", options.threads(), MAX_THREADS),
            range("--duration", options.duration(), Duration.ofSeconds(1), MAX_DURATION),
            options.chaos() ? chaos(options) : withoutChaos(options),
            options.chart().flatMap(ChartFile::problem))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> range(String option, int value, int max) {
    return value >= 1 && value <= max
        ? Optional.empty()
        : Optional.of("%s must be from 1 to %d, not %d.".formatted(option, max, value));
  }

  private static Optional<String> range(String option, Duration value, Duration min, Duration max) {
    boolean fits = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
    return fits
        ? Optional.empty()
        : Optional.of(
            "%s must be from %s to %s, not %s."
                .formatted(option, Words.plain(min), Words.plain(max), Words.plain(value)));
  }

  private static Optional<String> chaos(DemoOptions options) {
    if (options.asksForOutage() || !options.revoke()) {
      return Optional.of(
          "--chaos has outages and revocations of its own: leave out --outage and --no-revoke.");
    }
    Duration shortest = options.tokenLifetime().plus(ChaosSchedule.ROOM);
    return options.duration().compareTo(shortest) >= 0
        ? Optional.empty()
        : Optional.of(
            "--chaos needs a --duration of --token-lifetime and %s at least, here %s, not %s."
                .formatted(
                    Words.plain(ChaosSchedule.ROOM),
                    Words.plain(shortest),
                    Words.plain(options.duration())));
  }

  private static Optional<String> withoutChaos(DemoOptions options) {
    return options.seed().isPresent()
        ? Optional.of("--seed says which chaos there is, so it needs --chaos.")
        : outage(options);
  }

  private static Optional<String> outage(DemoOptions options) {
    if (options.outage().isNegative()) {
      return Optional.of(
          "--outage must not be negative, but is %s.".formatted(Words.plain(options.outage())));
    }
    if (options.outage().compareTo(options.duration()) > 0) {
      return Optional.of(
          "--outage (%s) must not be longer than --duration (%s)."
              .formatted(Words.plain(options.outage()), Words.plain(options.duration())));
    }
    return Optional.empty();
  }
}
