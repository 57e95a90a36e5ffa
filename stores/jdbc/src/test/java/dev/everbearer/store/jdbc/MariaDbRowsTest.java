package dev.everbearer.store.jdbc;

import dev.everbearer.testing.databases.MariaDb;
import javax.sql.DataSource;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** With the profile {@code mariadb}. */
@EnabledIfSystemProperty(named = MariaDb.COMMAND, matches = ".+")
class MariaDbRowsTest extends RowsContract {

  @Override
  DataSource source() {
    return MariaDb.shared();
  }
}
