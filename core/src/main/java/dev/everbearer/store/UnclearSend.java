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

  /** The same, after another attempt that brought no answer either. */
  public UnclearSend again(Instant givenUpAt) {
    return new UnclearSend(firstAt, givenUpAt);
  }
}
