package dev.everbearer.store.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** With the profile {@code mariadb}. */
@EnabledIfSystemProperty(named = "everbearer.mariadb", matches = ".+")
class MariaDbRowsTest extends RowsContract {

  @Override
  DataSource source() {
    return MariaDb.shared();
  }
}
