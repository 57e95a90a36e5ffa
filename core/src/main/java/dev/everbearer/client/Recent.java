package dev.everbearer.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map of what was used last, up to a bound. Thread-safe. */
final class Recent<K, V> {

  /** What computes a value from the one that is known, null when none is. */
  @FunctionalInterface
  interface Next<V> {

    V after(@Nullable V known);
  }

  private final Map<K, V> values; // guarded by this

  /** An empty map that forgets what was not used for the longest when it has more than this. */
  Recent(int max) {
    this.values =
        new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > max;
          }
        };
  }

  /** Uses what is known, or makes it; nobody else uses the map meanwhile. */
  synchronized V compute(K key, Next<V> next) {
    V value = next.after(values.get(key));
    values.put(key, value);
    return value;
  }

  /** Uses what is known; null when nothing is. */
  synchronized @Nullable V get(K key) {
    return values.get(key);
  }
}
