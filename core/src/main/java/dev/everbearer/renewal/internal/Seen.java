package dev.everbearer.renewal.internal;

import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.TokenStore;
import java.time.Instant;

/**
 * A record as it was read.
 *
 * @param snapshot the record, and the store's time
 * @param nanos when that was asked for, by the monotonic clock
 * @param readNanos when it was there
 */
record Seen(TokenStore.Snapshot snapshot, long nanos, long readNanos) {

  GrantRecord record() {
    return snapshot.record();
  }

  /** A later moment by the store's clock; rather too late than too early. */
  Instant at(long now) {
    return snapshot.now().plusNanos(now - nanos);
  }

  /** The same, rather too early than too late. */
  Instant earliestAt(long now) {
    return snapshot.now().plusNanos(now - readNanos);
  }
}
