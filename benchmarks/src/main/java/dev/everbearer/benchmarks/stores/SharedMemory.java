package dev.everbearer.benchmarks.stores;

import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.TokenStore;

/** One store object for all nodes, which share its heap. */
final class SharedMemory implements SharedStore {

  private final TokenStore store = new MemoryTokenStore();

  @Override
  public TokenStore open() {
    return store;
  }

  @Override
  public String durability() {
    return "none: it ends with the process";
  }

  @Override
  public void close() {
    store.close();
  }
}
