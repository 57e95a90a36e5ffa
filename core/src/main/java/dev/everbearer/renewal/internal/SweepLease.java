package dev.everbearer.renewal.internal;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Lease;
import dev.everbearer.store.RotationState;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.TokenStore.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which of all processes on a store goes through its grants: a lease in a record of its own, by the
 * store's clock. It only saves work; a renewal has a lease of its grant's own.
 */
final class SweepLease {

  private static final String GRANT_TYPE = "everbearer:sweep";

  private final TokenStore store;
  private final GrantKey key;
  private final Duration length;
  private final String owner = UUID.randomUUID().toString();

  SweepLease(TokenStore store, String registration, Duration length) {
    this.store = store;
    this.key = new GrantKey(registration, GRANT_TYPE, "");
    this.length = length;
  }

  /** Takes it, or goes on with it; the store's time, or null when it is not for us now. */
  @Nullable Instant take() {
    Snapshot current = store.read(key);
    RotationState state = current.record().rotation();
    Lease lease = state.lease();
    Instant now = current.now();
    if (lease != null && lease.owner().equals(owner)) {
      boolean isLong = lease.until().isAfter(now.plus(length.dividedBy(2)));
      return isLong || isWritten(current.record(), held(state, now, lease.epoch())) ? now : null;
    }
    boolean isOthers = lease != null && !lease.isOver(now);
    Instant notBefore = state.notBefore();
    if (isOthers || (notBefore != null && now.isBefore(notBefore))) {
      return null;
    }
    long epoch = lease == null ? 1 : lease.epoch() + 1;
    return isWritten(current.record(), held(state, now, epoch)) ? now : null;
  }

  private RotationState held(RotationState state, Instant now, long epoch) {
    return state.withLease(new Lease(owner, epoch, now.plus(length))).withNotBefore(null, 0);
  }

  /** Gives it back; nobody takes it for a while. */
  void release(Duration rest) {
    Snapshot current = store.read(key);
    RotationState state = current.record().rotation();
    Lease lease = state.lease();
    if (lease != null && lease.owner().equals(owner)) {
      boolean unused =
          isWritten(
              current.record(), state.withLease(null).withNotBefore(current.now().plus(rest), 0));
    }
  }

  private boolean isWritten(GrantRecord record, RotationState next) {
    return store.compareAndSet(key, record.next().rotation(next).build());
  }
}
