package dev.everbearer.renewal;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.TokenStore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** Outlives its clients, and refuses what it is told to. */
public final class FailingStore implements TokenStore {

  final MemoryTokenStore kept;
  final AtomicReference<Predicate<GrantRecord>> refusesWrites =
      new AtomicReference<>(next -> false);
  final AtomicInteger roundTrips = new AtomicInteger();
  final AtomicInteger losesWrites = new AtomicInteger();
  final AtomicInteger failures = new AtomicInteger();
  private volatile boolean isDown;

  /** An empty one that works. */
  public FailingStore() {
    this(new MemoryTokenStore());
  }

  FailingStore(MemoryTokenStore kept) {
    this.kept = kept;
  }

  /** From now on every call fails, or none. */
  public void down(boolean value) {
    isDown = value;
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public Snapshot read(GrantKey key) {
    called(isDown);
    return kept.read(key);
  }

  @Override
  public boolean compareAndSet(GrantKey key, GrantRecord next) {
    called(isDown || refusesWrites.get().test(next));
    boolean isLost = losesWrites.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    return !isLost && kept.compareAndSet(key, next);
  }

  private void called(boolean fails) {
    int unused = roundTrips.incrementAndGet();
    if (fails) {
      int unusedToo = failures.incrementAndGet();
      throw new IllegalStateException("down, canary-of-the-store");
    }
  }

  @Override
  public void close() {
    kept.close();
  }
}
