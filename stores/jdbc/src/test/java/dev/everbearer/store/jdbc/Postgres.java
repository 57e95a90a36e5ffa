package dev.everbearer.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.sql.DataSource;

/** A PostgreSQL for all tests, which ends with them. */
final class Postgres {

  private Postgres() {}

  private static final class Shared {

    private static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A new pool, which does not commit by itself. */
  static HikariDataSource pool() {
    return pool("TRANSACTION_READ_COMMITTED");
  }

  static HikariDataSource pool(String isolation) {
    return pool(Shared.SERVER, isolation);
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
    return Shared.SERVER.getPostgresDatabase();
  }
}
