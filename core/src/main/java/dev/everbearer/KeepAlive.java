package dev.everbearer;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How grants that nobody uses are kept alive: many servers end a refresh token that was not used
 * for some weeks or months. Immutable and thread-safe; see {@link OAuthClient#keepAlive}.
 */
public final class KeepAlive {

  private static final KeepAlive STANDARD =
      new KeepAlive(null, Duration.ofSeconds(1), Duration.ofHours(1));

  private final @Nullable Duration idleLimit;
  private final Duration pace;
  private final Duration lookEvery;

  private KeepAlive(@Nullable Duration idleLimit, Duration pace, Duration lookEvery) {
    this.idleLimit = idleLimit;
    this.pace = pace;
    this.lookEvery = lookEvery;
  }

  /** By the idle limit of the server's profile, a renewal a second, with a look every hour. */
  public static KeepAlive standard() {
    return STANDARD;
  }

  /**
   * After how long without use the server ends a refresh token; grants are renewed after two thirds
   * of it. By default what the server's profile says.
   *
   * @throws IllegalArgumentException unless it is positive
   */
  public KeepAlive idleLimit(Duration limit) {
    return new KeepAlive(positive(limit), pace, lookEvery);
  }

  /**
   * The time between two renewals, so that the server is not stormed; one second by default.
   *
   * @throws IllegalArgumentException unless it is positive
   */
  public KeepAlive pace(Duration between) {
    return new KeepAlive(idleLimit, positive(between), lookEvery);
  }

  /**
   * How often the store is looked through for grants that are due, by one process of all that share
   * it; every hour by default.
   *
   * @throws IllegalArgumentException unless it is positive
   */
  public KeepAlive lookEvery(Duration time) {
    return new KeepAlive(idleLimit, pace, positive(time));
  }

  /** See {@link #idleLimit(Duration)}; empty when the profile says. */
  public Optional<Duration> idleLimit() {
    return Optional.ofNullable(idleLimit);
  }

  /** See {@link #pace(Duration)}. */
  public Duration pace() {
    return pace;
  }

  /** See {@link #lookEvery(Duration)}. */
  public Duration lookEvery() {
    return lookEvery;
  }

  private static Duration positive(Duration duration) {
    if (Objects.requireNonNull(duration, "duration").isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("A time to keep grants alive by must be positive.");
    }
    return duration;
  }

  @Override
  public String toString() {
    return "KeepAlive[idleLimit=%s, pace=%s, lookEvery=%s]"
        .formatted(idleLimit == null ? "of the profile" : idleLimit, pace, lookEvery);
  }
}
