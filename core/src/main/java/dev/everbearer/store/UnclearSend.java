package dev.everbearer.store;

import java.time.Instant;
import java.util.Objects;

/**
 * A refresh token was sent and no answer was seen, so whether it is used up is not known. By the
 * store's clock.
 *
 * @param firstAt when it was first sent
 * @param lastAt when the last attempt to send it was given up; the server may process that for a
 *     while longer
 */
public record UnclearSend(Instant firstAt, Instant lastAt) {

  /** Requires both. */
  public UnclearSend {
    Objects.requireNonNull(firstAt, "firstAt");
    Objects.requireNonNull(lastAt, "lastAt");
  }

  /**
   * Sent at some time before, of which nothing more is known, as when the clock was set back since.
   *
   * @param seenAt when that was noticed; the server may process it for a while longer
   */
  public static UnclearSend longAgo(Instant seenAt) {
    return new UnclearSend(Instant.EPOCH, seenAt);
  }

  /** Whether it lies ahead of a point in time, which is so when the clock was set back. */
  public boolean isAfter(Instant now) {
    return firstAt.isAfter(now) || lastAt.isAfter(now);
  }

  /** The same, after another attempt that brought no answer either. */
  public UnclearSend again(Instant givenUpAt) {
    return new UnclearSend(firstAt, givenUpAt);
  }
}
