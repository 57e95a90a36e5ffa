package dev.everbearer.benchmarks.stores;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.TokenStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts what is asked of stores and outboxes. Thread-safe. */
final class Operations {

  private final LongAdder reads = new LongAdder();
  private final LongAdder writes = new LongAdder();
  private final LongAdder kept = new LongAdder();
  private boolean hasNotices = true;

  /** So many, since the beginning or between two moments. */
  record Count(long reads, long writes, long kept) {

    Count since(Count earlier) {
      return new Count(reads - earlier.reads, writes - earlier.writes, kept - earlier.kept);
    }
  }

  /** Keeps the stores' notices back; before any is counted. */
  Operations withoutNotices() {
    hasNotices = false;
    return this;
  }

  Count count() {
    return new Count(reads.sum(), writes.sum(), kept.sum());
  }

  TokenStore in(TokenStore store) {
    return new CountedStore(store);
  }

  Outbox in(Outbox outbox) {
    return new CountedOutbox(outbox);
  }

  private final class CountedStore implements TokenStore {

    private final TokenStore store;

    CountedStore(TokenStore store) {
      this.store = store;
    }

    @Override
    public Snapshot read(GrantKey key) {
      reads.increment();
      return store.read(key);
    }

    @Override
    public boolean compareAndSet(GrantKey key, GrantRecord next) {
      writes.increment();
      return store.compareAndSet(key, next);
    }

    @Override
    public boolean isDurable() {
      return store.isDurable();
    }

    @Override
    public List<GrantSummary> list(String registration, @Nullable GrantKey after, int limit) {
      return store.list(registration, after, limit);
    }

    @Override
    public Watch watch(Consumer<String> changed) {
      return hasNotices ? store.watch(changed) : () -> {};
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private final class CountedOutbox implements Outbox {

    private final Outbox outbox;

    CountedOutbox(Outbox outbox) {
      this.outbox = outbox;
    }

    @Override
    public String owner() {
      return outbox.owner();
    }

    @Override
    public boolean isDurable() {
      return outbox.isDurable();
    }

    @Override
    public void put(GrantKey key, GrantRecord uncommitted) {
      kept.increment();
      outbox.put(key, uncommitted);
    }

    @Override
    public @Nullable GrantRecord uncommitted(GrantKey key) {
      return outbox.uncommitted(key);
    }

    @Override
    public Map<GrantKey, GrantRecord> uncommitted() {
      return outbox.uncommitted();
    }

    @Override
    public void remove(GrantKey key) {
      outbox.remove(key);
    }

    @Override
    public List<Outbox> orphans() {
      return outbox.orphans();
    }

    @Override
    public void close() {
      outbox.close();
    }
  }
}
