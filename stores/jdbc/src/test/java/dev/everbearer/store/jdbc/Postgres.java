package dev.everbearer.store.jdbc;

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

  /** Gives a new connection each time. */
  static DataSource shared() {
    return Shared.SERVER.getPostgresDatabase();
  }
}
