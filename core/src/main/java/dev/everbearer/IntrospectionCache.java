package dev.everbearer;

import dev.everbearer.jose.Sha256;
import dev.everbearer.token.Introspection;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps introspection answers (RFC 7662 section 4), for a time and never beyond a token's end. It
 * holds digests of the tokens alone. Thread-safe.
 */
final class IntrospectionCache {

  /** A clock of nanoseconds counts this without an overflow. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private record Entry(Introspection answer, long until) {}

  private final int maxEntries;
  private final Duration maxAge;
  private final InstantSource wall;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Entry> entries; // guarded by lock

  /**
   * An empty cache.
   *
   * @param maxEntries 0 keeps nothing
   */
  IntrospectionCache(int maxEntries, Duration maxAge, InstantSource wall, LongSupplier nanoTime) {
    this.maxEntries = maxEntries;
    this.maxAge = maxAge.compareTo(LONGEST) > 0 ? LONGEST : maxAge;
    this.wall = wall;
    this.nanoTime = nanoTime;
    this.entries = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);
  }

  @Nullable Introspection get(Secret token) {
    if (maxEntries == 0) {
      return null;
    }
    String key = digest(token);
    lock.lock();
    try {
      Entry entry = entries.get(key);
      if (entry != null && !isGood(entry)) {
        entries.remove(key);
        return null;
      }
      return entry == null ? null : entry.answer();
    } finally {
      lock.unlock();
    }
  }

  private boolean isGood(Entry entry) {
    return entry.until() - nanoTime.getAsLong() > 0
        && entry.answer().expiresAt().filter(end -> !wall.instant().isBefore(end)).isEmpty();
  }

  void put(Secret token, Introspection answer) {
    Entry entry = new Entry(answer, nanoTime.getAsLong() + maxAge.toNanos());
    if (maxEntries == 0 || !isGood(entry)) {
      return;
    }
    String key = digest(token);
    lock.lock();
    try {
      entries.put(key, entry);
      if (entries.size() > maxEntries) {
        entries.remove(entries.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }

  private static String digest(Secret token) {
    return Sha256.base64Url(token.reveal());
  }
}
