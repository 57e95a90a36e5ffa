package dev.everbearer.store.jdbc;

import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.contract.TokenStoreContract;

class H2TokenStoreTest extends TokenStoreContract {

  @Override
  protected TokenStore open() {
    return Stores.emptyOn(H2.inMemory());
  }
}
