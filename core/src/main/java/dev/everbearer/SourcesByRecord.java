package dev.everbearer;

import dev.everbearer.renewal.internal.ManagedTokenSource;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.TokenStore;
import dev.everbearer.token.TokenSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sources in use by the record that they share, so that they hear of it when others change it:
 * a login, a logout, a renewal. Thread-safe.
 */
final class SourcesByRecord implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private final ConcurrentMap<String, Set<ManagedTokenSource>> byDigest = new ConcurrentHashMap<>();
  private final Object lock = new Object();
  private TokenStore.@Nullable Watch watch; // guarded by lock
  private boolean isClosed; // guarded by lock

  void add(GrantKey key, ManagedTokenSource source) {
    byDigest.compute(
        key.digest(),
        (digest, known) -> {
          Set<ManagedTokenSource> all = known == null ? ConcurrentHashMap.newKeySet(1) : known;
          all.add(source);
          return all;
        });
  }

  void remove(GrantKey key, TokenSource source) {
    byDigest.computeIfPresent(
        key.digest(),
        (digest, known) -> {
          known.remove(source);
          return known.isEmpty() ? null : known;
        });
  }

  void forEach(GrantKey key, Consumer<ManagedTokenSource> action) {
    forEach(key.digest(), action);
  }

  private void forEach(String digest, Consumer<ManagedTokenSource> action) {
    Set<ManagedTokenSource> known = byDigest.get(digest);
    if (known != null) {
      known.forEach(action);
    }
  }

  /** Has the store tell of changes, once, on a worker: to begin may block. */
  void watch(TokenStore store, Executor worker) {
    try {
      worker.execute(() -> begin(store));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "No thread begins to watch the token store.");
    }
  }

  private void begin(TokenStore store) {
    TokenStore.Watch begun;
    try {
      begun = store.watch(digest -> forEach(digest, ManagedTokenSource::storeChanged));
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.INFO,
          "The token store tells of no changes ({0}); those of others are seen at the next renewal.",
          e.getClass().getName());
      return;
    }
    synchronized (lock) {
      if (!isClosed) {
        watch = begun;
        return;
      }
    }
    begun.close();
  }

  /** Ends the notices. */
  @Override
  public void close() {
    TokenStore.Watch ended;
    synchronized (lock) {
      isClosed = true;
      ended = watch;
      watch = null;
    }
    if (ended != null) {
      ended.close();
    }
  }
}
