package dev.everbearer.testing.contract;

import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.TokenStore;

class MemoryTokenStoreTest extends TokenStoreContract {

  @Override
  protected TokenStore open() {
    return new MemoryTokenStore();
  }
}
