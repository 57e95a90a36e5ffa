package dev.everbearer.client;

import java.util.Iterator;
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

  private final int max;
  private final Map<K, V> values; // guarded by this

  /**
   * An empty map.
   *
   * @param max how many entries are kept; the one that was not used for the longest goes first
   */
  Recent(int max) {
    this.max = max;
    this.values = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);
  }

  /** Uses what is known, or makes it; nobody else uses the map meanwhile. */
  synchronized V compute(K key, Next<V> next) {
    V value = next.after(values.get(key));
    values.put(key, value);
    if (values.size() > max) {
      Iterator<K> eldest = values.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
    return value;
  }

  /** Uses what is known; null when nothing is. */
  synchronized @Nullable V get(K key) {
    return values.get(key);
  }
}
