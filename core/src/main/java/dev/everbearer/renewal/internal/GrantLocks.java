package dev.everbearer.renewal.internal;

import dev.everbearer.store.TokenStore;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One lock for each grant in a store: inside this process the variants of a grant, and the clients
 * that share a store, take turns with its refresh token. A lock is there for as long as somebody
 * has it in hand, so that a process may go through any number of grants.
 */
final class GrantLocks {

  private static final Map<TokenStore, GrantLocks> BY_STORE =
      new WeakHashMap<>(); // guarded by itself

  private final ConcurrentMap<Object, Kept> locks = new ConcurrentHashMap<>();
  private final ReferenceQueue<ReentrantLock> unused = new ReferenceQueue<>();

  private GrantLocks() {}

  /** Knows its key, to be taken out by. */
  private static final class Kept extends WeakReference<ReentrantLock> {

    private final Object key;

    Kept(Object key, ReentrantLock lock, ReferenceQueue<ReentrantLock> unused) {
      super(lock, unused);
      this.key = key;
    }
  }

  static ReentrantLock of(TokenStore store, Object key) {
    TokenStore shared = store instanceof WatchedStore watched ? watched.inside() : store;
    GrantLocks locks;
    synchronized (BY_STORE) {
      locks = BY_STORE.computeIfAbsent(shared, ignored -> new GrantLocks());
    }
    return locks.of(key);
  }

  /** How many locks of a store are there. */
  static int count(TokenStore store) {
    synchronized (BY_STORE) {
      GrantLocks locks = BY_STORE.get(store);
      return locks == null ? 0 : locks.locks.size();
    }
  }

  private ReentrantLock of(Object key) {
    removeUnused();
    while (true) {
      Kept kept = locks.get(key);
      ReentrantLock lock = kept == null ? null : kept.get();
      if (lock != null) {
        return lock;
      }
      ReentrantLock made = new ReentrantLock();
      if (isPut(key, kept, new Kept(key, made, unused))) {
        return made;
      }
    }
  }

  private boolean isPut(Object key, @Nullable Kept cleared, Kept next) {
    return cleared == null
        ? locks.putIfAbsent(key, next) == null
        : locks.replace(key, cleared, next);
  }

  private void removeUnused() {
    for (Reference<?> each = unused.poll(); each != null; each = unused.poll()) {
      if (each instanceof Kept kept) {
        locks.remove(kept.key, kept);
      }
    }
  }
}
