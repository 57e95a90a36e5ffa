package dev.everbearer.store;

import java.time.Instant;
import java.util.Objects;

/**
 * A refresh token was sent and no answer was seen, so whether it is used up is not known. By the
 * store's clock.
 *
 * @param firstAt when it was first sent
 * @param lastAt when the last attempt to send it was given up, or has to be at the latest; the
 *     server may process that for a while longer
 * @param attempts how often it was sent
 */
public record UnclearSend(Instant firstAt, Instant lastAt, int attempts) {

  /** Requires both times. */
  public UnclearSend {
    Objects.requireNonNull(firstAt, "firstAt");
    Objects.requireNonNull(lastAt, "lastAt");
  }

  /** Sent once. */
  public UnclearSend(Instant firstAt, Instant lastAt) {
    this(firstAt, lastAt, 1);
  }

  /** The same, sent once more. */
  public UnclearSend again(Instant givenUpAtTheLatest) {
    return new UnclearSend(firstAt, givenUpAtTheLatest, attempts + 1);
  }

  /** The same, with the last attempt given up. */
  public UnclearSend givenUp(Instant at) {
    return new UnclearSend(firstAt, at, attempts);
  }

  /**
   * Sent at some time before, of which nothing more is known, as when the clock was set back since.
   *
   * @param seenAt when that was noticed; the server may process it for a while longer
   */
  public UnclearSend longAgo(Instant seenAt) {
    return new UnclearSend(Instant.EPOCH, seenAt, attempts);
  }
}
