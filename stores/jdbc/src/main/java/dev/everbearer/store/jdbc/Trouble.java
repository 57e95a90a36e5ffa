package dev.everbearer.store.jdbc;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a database throws, as what a store throws. The text of a database is left out: it may repeat
 * a row.
 */
final class Trouble {

  private static final Set<String> NO_TABLE = Set.of("42P01", "42S02", "42S03", "42S04");
  private static final Set<String> NO_COLUMN = Set.of("42703", "42S22");
  private static final Set<String> NOT_ALLOWED = Set.of("42501", "90096");
  private static final Set<Integer> NOT_ALLOWED_MYSQL = Set.of(1044, 1142, 1143);
  private static final Set<String> ROLLED_BACK = Set.of("40001", "40P01");

  private Trouble() {}

  /** Whether somebody else came between, so that nothing was done. */
  static boolean isRolledBack(SQLException e) {
    return e.getSQLState() != null && ROLLED_BACK.contains(e.getSQLState());
  }

  /** The codes alone. */
  static String code(SQLException e) {
    return "%s, SQLState %s, code %d"
        .formatted(e.getClass().getName(), e.getSQLState(), e.getErrorCode());
  }

  static OAuthException noConnection(String doing, SQLException e) {
    return trouble(
        FailureKind.SERVER_TROUBLE,
        "Could not %s: the DataSource gave no connection (%s). Nothing was read or written. Check the database, and the pool's size and limits."
            .formatted(doing, code(e)),
        e);
  }

  static OAuthException unknown(String product) {
    return trouble(
        FailureKind.REFUSED,
        "The store keeps grants in PostgreSQL, MariaDB, MySQL and H2, and the DataSource leads to another database (%s)."
            .formatted(product),
        null);
  }

  static OAuthException at(String doing, Dialect dialect, Tables tables, SQLException e) {
    String state = String.valueOf(e.getSQLState());
    String what = "Could not %s (%s): ".formatted(doing, code(e));
    if (NO_TABLE.contains(state) || NO_COLUMN.contains(state)) {
      return trouble(FailureKind.REFUSED, what + missing(dialect, tables), null);
    }
    if (NOT_ALLOWED.contains(state) || NOT_ALLOWED_MYSQL.contains(e.getErrorCode())) {
      return trouble(FailureKind.REFUSED, what + notAllowed(tables), null);
    }
    return trouble(FailureKind.SERVER_TROUBLE, what + why(e, state), null);
  }

  private static String missing(Dialect dialect, Tables tables) {
    return "a table or column is not there. Run dev/everbearer/store/jdbc/%s of everbearer-store-jdbc, which makes %s and %s, or call createTables()."
        .formatted(dialect.file(), tables.grant(), tables.corrupt());
  }

  private static String notAllowed(Tables tables) {
    return "the database's user may not. It needs SELECT, INSERT, UPDATE and DELETE on %s, and INSERT on %s."
        .formatted(tables.grant(), tables.corrupt());
  }

  private static String why(SQLException e, String state) {
    String unknown = " If it was a write, whether it was done is not known.";
    if (e instanceof SQLTimeoutException || state.equals("57014")) {
      return "the database did not answer in time." + unknown;
    }
    if (state.startsWith("08") || state.startsWith("57P")) {
      return "the connection was lost." + unknown;
    }
    return "the database's log says more." + unknown;
  }

  private static OAuthException trouble(
      FailureKind kind, String message, @Nullable Throwable cause) {
    return Failure.builder(kind, message).cause(cause).build().toException();
  }
}
