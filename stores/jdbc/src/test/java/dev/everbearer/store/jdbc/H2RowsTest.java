package dev.everbearer.store.jdbc;

import javax.sql.DataSource;

class H2RowsTest extends RowsContract {

  private final DataSource source = H2.inMemory();

  @Override
  DataSource source() {
    return source;
  }
}
