package dev.everbearer.store.jdbc;

import javax.sql.DataSource;

class PostgresRowsTest extends RowsContract {

  @Override
  DataSource source() {
    return Postgres.shared();
  }
}
