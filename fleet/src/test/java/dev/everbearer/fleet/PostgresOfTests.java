package dev.everbearer.fleet;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A PostgreSQL for all tests, which ends with them. */
final class PostgresOfTests {

  private PostgresOfTests() {}

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

  static String url() {
    return Shared.SERVER.getJdbcUrl("postgres", "postgres");
  }
}
