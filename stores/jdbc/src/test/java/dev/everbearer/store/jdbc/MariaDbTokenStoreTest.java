package dev.everbearer.store.jdbc;

import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.contract.TokenStoreContract;
import dev.everbearer.testing.databases.MariaDb;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** With the profile {@code mariadb}. */
@EnabledIfSystemProperty(named = MariaDb.COMMAND, matches = ".+")
class MariaDbTokenStoreTest extends TokenStoreContract {

  private final String prefix = Stores.newPrefix();

  @Override
  protected TokenStore open() {
    return Stores.emptyOn(MariaDb.shared(), prefix);
  }

  @Override
  protected TokenStore reopen() {
    return Stores.withTables(MariaDb.shared(), prefix);
  }
}
