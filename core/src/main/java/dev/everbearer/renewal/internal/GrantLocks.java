package dev.everbearer.renewal.internal;

import dev.everbearer.store.TokenStore;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One lock for each grant in a store: inside this process the variants of a grant, and the clients
 * that share a store, take turns with its refresh token.
 */
final class GrantLocks {

  private static final Map<TokenStore, ConcurrentMap<Object, ReentrantLock>> BY_STORE =
      new WeakHashMap<>(); // guarded by itself

  private GrantLocks() {}

  static ReentrantLock of(TokenStore store, Object key) {
    ConcurrentMap<Object, ReentrantLock> locks;
    synchronized (BY_STORE) {
      locks = BY_STORE.computeIfAbsent(store, ignored -> new ConcurrentHashMap<>());
    }
    return locks.computeIfAbsent(key, ignored -> new ReentrantLock());
  }
}
