package dev.everbearer.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.contract.TokenStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresTokenStoreTest extends TokenStoreContract {

  private final String prefix = Stores.newPrefix();

  private static HikariDataSource pool;

  @BeforeAll
  static void openPool() {
    pool = Postgres.pool();
  }

  @AfterAll
  static void closePool() {
    pool.close();
  }

  @Override
  protected TokenStore open() {
    return Stores.emptyOn(pool, prefix);
  }

  @Override
  protected TokenStore reopen() {
    return Stores.withTables(pool, prefix);
  }
}
