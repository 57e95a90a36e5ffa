package dev.everbearer.testing.databases;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A PostgreSQL for all tests of a process, which ends with them. */
public final class PostgresServer {

  private PostgresServer() {}

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

  /** The one server. */
  public static EmbeddedPostgres shared() {
    return Shared.SERVER;
  }

  /** The JDBC URL of its database, with the user in it. */
  public static String url() {
    return shared().getJdbcUrl("postgres", "postgres");
  }
}
