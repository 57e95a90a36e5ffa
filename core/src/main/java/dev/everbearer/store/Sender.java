package dev.everbearer.store;

import java.time.Instant;
import java.util.Objects;

/**
 * One that has sent a refresh token, and may still hold, or get, the answer. Written before the
 * request leaves.
 *
 * @param owner who: an outbox, not a process
 * @param epoch of the lease that it was sent under
 * @param token the refresh token that was sent
 * @param attempt how often that token was sent by anyone, this time included
 * @param at when, by the store's clock
 */
public record Sender(String owner, long epoch, Fingerprint token, int attempt, Instant at) {

  /** Rejects nulls. */
  public Sender {
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(at, "at");
  }

  /** The same, sent no later than it was seen: a clock may have been set back since. */
  public Sender seenAt(Instant now) {
    return at.isAfter(now) ? new Sender(owner, epoch, token, attempt, now) : this;
  }

  /** Whether it is this one of an owner's. */
  public boolean is(String anOwner, long anEpoch) {
    return owner.equals(anOwner) && epoch == anEpoch;
  }
}
