package dev.everbearer.store.jdbc;

import dev.everbearer.store.jdbc.Database.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** The tables, as the resources say them. */
final class Schema {

  private Schema() {}

  /** The statements that make the tables where they are not there. */
  static List<String> statements(Dialect dialect, Tables tables) {
    String file = read(dialect.file()).replaceAll("(?m)^--.*$", "");
    return Stream.of(file.replace(Tables.PREFIX, tables.prefix()).split(";"))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }

  /** Makes the tables that are not there. */
  static boolean create(Session session, Tables tables) throws SQLException {
    for (String each : statements(session.dialect(), tables)) {
      try (Statement statement = session.connection().createStatement()) {
        statement.setQueryTimeout(session.seconds());
        statement.execute(each);
      }
    }
    return true;
  }

  private static String read(String file) {
    try (InputStream in = Schema.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is not in the jar of everbearer-store-jdbc.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
