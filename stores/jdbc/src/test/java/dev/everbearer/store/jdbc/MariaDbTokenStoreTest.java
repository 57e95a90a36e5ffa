package dev.everbearer.store.jdbc;

import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.contract.TokenStoreContract;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** With the profile {@code mariadb}. */
@EnabledIfSystemProperty(named = "everbearer.mariadb", matches = ".+")
class MariaDbTokenStoreTest extends TokenStoreContract {

  @Override
  protected TokenStore open() {
    return Stores.emptyOn(MariaDb.shared());
  }
}
