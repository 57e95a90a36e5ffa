package dev.everbearer.store.jdbc;

import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.contract.TokenStoreContract;

class PostgresTokenStoreTest extends TokenStoreContract {

  @Override
  protected TokenStore open() {
    return Stores.emptyOn(Postgres.shared());
  }
}
