package dev.everbearer.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.everbearer.testing.databases.PostgresServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import javax.sql.DataSource;

/** Ways to the PostgreSQL of all tests. */
final class Postgres {

  private Postgres() {}

  /** A new pool, which does not commit by itself. */
  static HikariDataSource pool() {
    return pool("TRANSACTION_READ_COMMITTED");
  }

  static HikariDataSource pool(String isolation) {
    return pool(PostgresServer.shared(), isolation);
  }

  static HikariDataSource pool(EmbeddedPostgres server, String isolation) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
    config.setMaximumPoolSize(3);
    config.setConnectionTimeout(2000);
    config.setAutoCommit(false);
    config.setTransactionIsolation(isolation);
    return new HikariDataSource(config);
  }

  /** Gives a new connection each time. */
  static DataSource shared() {
    return PostgresServer.shared().getPostgresDatabase();
  }
}
