package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.token.AccessToken;
import java.time.Duration;
import java.time.Instant;

/**
 * A token in hand. Its end is kept by two clocks and comes when the first of them says so; all
 * points in time are nanoseconds of the monotonic clock.
 *
 * @param token the token
 * @param sentAt when its request was sent
 * @param monotonicEnd when it ends by the monotonic clock
 * @param wallEnd when it ends by the wall clock
 * @param endsAt when it ends by both, as last seen
 * @param softMargin how long before the end it is renewed, jitter included
 * @param hardMargin how long before the end callers wait for the renewal
 */
record Held(
    AccessToken token,
    long sentAt,
    long monotonicEnd,
    Instant wallEnd,
    long endsAt,
    long softMargin,
    long hardMargin) {

  /**
   * A token fresh from its server.
   *
   * @param jitter between 0 and 1: moves the soft point earlier by up to half of its distance to
   *     the hard point, so that a fleet does not renew all at once
   */
  static Held of(
      AccessToken token,
      Duration life,
      RenewalPolicy policy,
      double jitter,
      long sentAt,
      Instant wallSentAt) {
    long hard = policy.hardMarginOf(life).toNanos();
    long soft = policy.softMarginOf(life).toNanos();
    long end = sentAt + life.toNanos();
    return new Held(
        token,
        sentAt,
        end,
        wallSentAt.plus(life),
        end,
        soft + (long) (jitter * (soft - hard) / 2),
        hard);
  }

  /** The same token when only a person can replace it: it is used until it ends. */
  Held withoutMargins() {
    return new Held(token, sentAt, monotonicEnd, wallEnd, endsAt, 0, 0);
  }

  /** The same token after a look at the wall clock: its end is the earlier of both clocks' ends. */
  Held seenAt(long now, Instant wall) {
    Duration wallLeft = Duration.between(wall, wallEnd);
    long end = Math.min(monotonicEnd - now, saturatedNanos(wallLeft)) + now;
    return new Held(token, sentAt, monotonicEnd, wallEnd, end, softMargin, hardMargin);
  }

  private static long saturatedNanos(Duration duration) {
    long maxSeconds = 400L * 24 * 3600;
    return duration.toSeconds() > maxSeconds
        ? Duration.ofSeconds(maxSeconds).toNanos()
        : Math.max(duration.toSeconds(), -maxSeconds) * 1_000_000_000L + duration.toNanosPart();
  }

  long softAt() {
    return endsAt - softMargin;
  }

  long hardAt() {
    return endsAt - hardMargin;
  }

  boolean isUsable(long now) {
    return endsAt - now > 0;
  }
}
