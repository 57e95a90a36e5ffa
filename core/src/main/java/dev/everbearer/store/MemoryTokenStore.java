package dev.everbearer.store;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps records in this process: they end with it. A rotated refresh token is handed to {@code
 * onRotated}, for the caller is the one that must keep it.
 */
public final class MemoryTokenStore implements TokenStore {

  /** A record with the time of its writing. */
  private record Kept(GrantRecord record, Instant changedAt) {}

  private final ConcurrentMap<GrantKey, Kept> records = new ConcurrentHashMap<>();
  private final InstantSource clock;

  /** An empty store on the system's clock. */
  public MemoryTokenStore() {
    this(InstantSource.system());
  }

  /** An empty store on a given clock. */
  public MemoryTokenStore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Snapshot read(GrantKey key) {
    Kept kept = records.get(key);
    return new Snapshot(kept == null ? GrantRecord.absent() : kept.record(), clock.instant());
  }

  @Override
  public boolean compareAndSet(GrantKey key, GrantRecord next) {
    Kept written = new Kept(next, clock.instant());
    @Nullable Kept after =
        records.compute(
            key,
            (ignored, stored) -> {
              long version = stored == null ? 0 : stored.record().version();
              return version == next.version() - 1 ? written : stored;
            });
    return after != null && after.record() == next;
  }

  @Override
  public List<GrantSummary> list(String registration, @Nullable GrantKey after, int limit) {
    return records.entrySet().stream()
        .filter(each -> each.getKey().registration().equals(registration))
        .filter(each -> after == null || GrantKey.BY_SUBJECT.compare(each.getKey(), after) > 0)
        .sorted(Map.Entry.comparingByKey(GrantKey.BY_SUBJECT))
        .limit(limit)
        .map(
            each ->
                GrantSummary.of(
                    each.getKey(), each.getValue().record(), each.getValue().changedAt()))
        .toList();
  }

  @Override
  public void close() {
    records.clear();
  }
}
