package dev.everbearer.store;

import java.time.Instant;
import java.util.Objects;

/**
 * Who may start a renewal. It says nothing of who may finish one: an answer that comes late is
 * still an answer.
 *
 * @param owner whose it is: an outbox, not a process, so that it survives a restart
 * @param epoch tells it from an earlier lease of the same owner
 * @param until when it ends by itself, by the store's clock
 */
public record Lease(String owner, long epoch, Instant until) {

  /** Rejects nulls. */
  public Lease {
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(until, "until");
  }

  /** Whether it is over; by the store's clock. */
  public boolean isOver(Instant now) {
    return !until.isAfter(now);
  }

  /** Whether it is this one of an owner's. */
  public boolean is(String anOwner, long anEpoch) {
    return owner.equals(anOwner) && epoch == anEpoch;
  }
}
