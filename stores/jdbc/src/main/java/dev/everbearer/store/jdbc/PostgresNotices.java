package dev.everbearer.store.jdbc;

import dev.everbearer.store.jdbc.Database.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that hears what PostgreSQL tells of a channel. */
final class PostgresNotices implements AutoCloseable {

  private static final int WAIT_MILLIS = 250;
  private static final int ALIVE_SECONDS = 5;

  private final Session session;
  private final PostgresDriver driver;
  private final boolean autoCommit;
  private boolean isBroken;

  private PostgresNotices(Session session, PostgresDriver driver) throws SQLException {
    this.session = session;
    this.driver = driver;
    this.autoCommit = session.connection().getAutoCommit();
  }

  /**
   * Listens on a connection, which is given back when it is closed.
   *
   * @return null when this database, or its driver, gives no notices; the connection is given back
   */
  static @Nullable PostgresNotices on(Session session, String channel) throws SQLException {
    PostgresNotices notices = null;
    try {
      notices = listening(session, channel);
      return notices;
    } finally {
      if (notices == null) {
        Database.giveBack(session.connection());
      }
    }
  }

  private static @Nullable PostgresNotices listening(Session session, String channel)
      throws SQLException {
    Connection connection = session.connection();
    PostgresDriver driver =
        session.dialect() == Dialect.POSTGRESQL ? PostgresDriver.below(connection) : null;
    if (driver == null) {
      return null;
    }
    PostgresNotices notices = new PostgresNotices(session, driver);
    connection.setAutoCommit(true);
    notices.execute("LISTEN " + channel);
    return notices;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      statement.setQueryTimeout(session.seconds());
      statement.execute(sql);
    }
  }

  /** What was told, after a short while at most. */
  List<String> await() throws SQLException {
    try {
      return driver.notices(WAIT_MILLIS);
    } catch (SQLException e) {
      isBroken = true;
      throw e;
    }
  }

  /** A connection that was cut may look as if there was nothing to tell. */
  void requireAlive() throws SQLException {
    if (!session.connection().isValid(ALIVE_SECONDS)) {
      isBroken = true;
      throw new SQLException("It does not answer.", "08006");
    }
  }

  /** Gives the connection back as it was, or destroys it. */
  @Override
  public void close() {
    Connection connection = session.connection();
    if (isBroken || !isQuiet()) {
      abort(connection);
    }
    Database.giveBack(connection);
  }

  private boolean isQuiet() {
    try {
      execute("UNLISTEN *");
      session.connection().setAutoCommit(autoCommit);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException ignored) {
      // It is broken; who owns it finds out.
    }
  }
}
