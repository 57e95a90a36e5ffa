package dev.everbearer.store.jdbc;

import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.contract.TokenStoreContract;
import javax.sql.DataSource;

class H2TokenStoreTest extends TokenStoreContract {

  private final DataSource source = H2.inMemory();
  private final String prefix = Stores.newPrefix();

  @Override
  protected TokenStore open() {
    return Stores.emptyOn(source, prefix);
  }

  @Override
  protected TokenStore reopen() {
    return Stores.withTables(source, prefix);
  }
}
