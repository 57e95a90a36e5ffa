package dev.everbearer.fleet;

import java.time.Duration;

/**
 * What a run of chaos is made of.
 *
 * @param nodes how many processes share the grants; 2 to 64
 * @param store where the grants are: {@code file:DIRECTORY}, a JDBC URL, or {@code redis://...}
 * @param duration for how long faults are made; one second or more
 * @param seed the same seed makes the same faults, as far as processes are punctual
 * @param isJson whether standard output gets one JSON object in place of the summary
 */
public record ChaosOptions(int nodes, String store, Duration duration, long seed, boolean isJson) {

  private static final int MOST_NODES = 64;

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if one is out of its range, or the store is of no known form
   */
  public ChaosOptions {
    if (nodes < 2 || nodes > MOST_NODES) {
      throw new IllegalArgumentException("Nodes are 2 to %d in number.".formatted(MOST_NODES));
    }
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("A run takes one second or more.");
    }
    StoreAddress unused = StoreAddress.of(store);
  }

  /** Without the store's address, which may have a password in it. */
  @Override
  public String toString() {
    return "ChaosOptions[nodes=%d, store=%s, duration=%s, seed=%d]"
        .formatted(nodes, StoreAddress.of(store), duration, seed);
  }
}
