package dev.everbearer.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Borrows connections, one for each piece of work, and gives them back as they were: all that was
 * done is committed before that, or nothing of it is done.
 */
final class Database {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store.jdbc");

  /** What is done on a connection. */
  @FunctionalInterface
  interface Work<T> {

    T on(Session session) throws SQLException;
  }

  /**
   * A connection in use.
   *
   * @param sql for its database
   */
  record Session(Connection connection, Dialect dialect, Sql sql, Duration timeout) {

    /** A statement that gives up after a while. */
    PreparedStatement prepare(String statement) throws SQLException {
      PreparedStatement prepared = connection.prepareStatement(statement);
      prepared.setQueryTimeout(seconds());
      return prepared;
    }

    int seconds() {
      return (int) Math.min(Integer.MAX_VALUE, timeout.plusNanos(999_999_999).toSeconds());
    }
  }

  private final DataSource source;
  private final Tables tables;
  private final Duration timeout;
  private volatile @Nullable Dialect dialect;
  private volatile @Nullable Sql sql;

  Database(DataSource source, Tables tables, Duration timeout) {
    this.source = source;
    this.tables = tables;
    this.timeout = timeout;
  }

  Tables tables() {
    return tables;
  }

  /**
   * Does one statement's work.
   *
   * @param doing what, as the rest of a sentence that begins with "Could not"
   */
  <T> T once(String doing, Work<T> work) {
    return with(doing, session -> done(session, work));
  }

  /** As {@link #once}; false also when the database undid it because somebody came between. */
  boolean wins(String doing, Work<Boolean> work) {
    return with(doing, session -> won(session, same -> done(same, work)));
  }

  /** As {@link #wins}, for all or nothing of some statements' work. */
  boolean winsAtOnce(String doing, Work<Boolean> work) {
    return with(doing, session -> won(session, same -> inTransaction(same, work)));
  }

  private static boolean won(Session session, Work<Boolean> work) throws SQLException {
    try {
      return work.on(session);
    } catch (SQLException e) {
      if (Trouble.isRolledBack(e)) {
        return false;
      }
      throw e;
    }
  }

  private <T> T inTransaction(Session session, Work<T> work) throws SQLException {
    Connection connection = session.connection();
    boolean autoCommit = connection.getAutoCommit();
    if (!autoCommit) {
      return done(session, work);
    }
    connection.setAutoCommit(false);
    try {
      return done(session, work);
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static <T> T done(Session session, Work<T> work) throws SQLException {
    Connection connection = session.connection();
    if (connection.getAutoCommit()) {
      return work.on(session);
    }
    boolean isCommitted = false;
    try {
      T result = work.on(session);
      connection.commit();
      isCommitted = true;
      return result;
    } finally {
      if (!isCommitted) {
        rollBack(connection);
      }
    }
  }

  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "A rollback failed: {0}.", Trouble.code(e));
    }
  }

  private <T> T with(String doing, Work<T> work) {
    Session session = borrow(doing);
    try {
      return work.on(session);
    } catch (SQLException e) {
      throw Trouble.at(doing, session.dialect(), tables, e);
    } finally {
      giveBack(session.connection());
    }
  }

  /** What was committed is so, whatever comes of giving the connection back. */
  static void giveBack(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "A connection did not close: {0}.", Trouble.code(e));
    }
  }

  /** A connection that is the caller's to give back. */
  Session borrow(String doing) {
    Connection connection;
    try {
      connection = source.getConnection();
    } catch (SQLException e) {
      throw Trouble.noConnection(doing, e);
    }
    boolean isOurs = false;
    try {
      Session session = session(connection);
      isOurs = true;
      return session;
    } catch (SQLException e) {
      throw Trouble.noConnection(doing, e);
    } finally {
      if (!isOurs) {
        giveBack(connection);
      }
    }
  }

  private Session session(Connection connection) throws SQLException {
    Dialect known = dialect;
    Sql statements = sql;
    if (known == null || statements == null) {
      String product = connection.getMetaData().getDatabaseProductName();
      known = Dialect.of(product).orElseThrow(() -> Trouble.unknown(product));
      statements = new Sql(known, tables);
      dialect = known;
      sql = statements;
    }
    return new Session(connection, known, statements, timeout);
  }
}
