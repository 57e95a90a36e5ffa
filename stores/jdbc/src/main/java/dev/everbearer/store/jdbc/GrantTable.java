package dev.everbearer.store.jdbc;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.jdbc.Database.Session;
import dev.everbearer.token.LoginRequiredException.Reason;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLWarning;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is done with the rows; each is one round trip, but for that of {@link #setAside}. */
final class GrantTable {

  /** The last moment that every database can keep. */
  private static final Instant LAST = Instant.parse("2262-01-01T00:00:00Z");

  private final Database database;

  GrantTable(Database database) {
    this.database = database;
  }

  /**
   * A row, or that there is none.
   *
   * @param record as it was sealed; null without a row
   * @param now by the database's clock
   */
  record Row(@Nullable String record, long version, Instant now) {

    /** Without the record. */
    @Override
    public String toString() {
      return "Row[version=%d, now=%s]".formatted(version, now);
    }
  }

  Row read(String id) {
    return database.once(
        "read a grant",
        session -> {
          try (PreparedStatement select = session.prepare(session.sql().read)) {
            select.setString(1, id);
            try (ResultSet rows = select.executeQuery()) {
              rows.next();
              return new Row(rows.getString(3), rows.getLong(2), instant(rows.getLong(1)));
            }
          }
        });
  }

  /** Whether it was written: the version before was there, or no row when it is the first. */
  boolean write(GrantKey key, GrantRecord next, String sealed) {
    boolean isFirst = next.version() == 1;
    byte[] listKey = ListKey.toStore(key);
    return database.wins(
        "write a grant",
        session -> {
          Sql sql = session.sql();
          String update = next.isClaimed() ? sql.claim : sql.update;
          try (PreparedStatement statement = session.prepare(isFirst ? sql.insert : update)) {
            bind(statement, next, sealed);
            if (isFirst) {
              bindKey(statement, key, listKey);
            } else {
              statement.setString(6, key.digest());
              statement.setLong(7, next.version() - 1);
            }
            return isWritten(session, statement);
          }
        });
  }

  private static void bind(PreparedStatement statement, GrantRecord next, String sealed)
      throws SQLException {
    statement.setString(1, GrantSummary.state(next).name());
    statement.setString(2, next.dead().map(Reason::name).orElse(null));
    statement.setLong(3, next.version());
    Instant end = GrantSummary.expiresAt(next).orElse(null);
    if (end == null) {
      statement.setNull(4, Types.BIGINT);
    } else {
      statement.setLong(4, micros(end));
    }
    statement.setString(5, sealed);
  }

  private static void bindKey(PreparedStatement statement, GrantKey key, byte[] listKey)
      throws SQLException {
    statement.setString(6, key.digest());
    statement.setBytes(7, listKey);
    statement.setString(8, readable(key.registration()));
    statement.setString(9, readable(key.grantType()));
    statement.setString(10, readable(key.subject()));
  }

  /** For people: without what a database takes for no text. */
  private static String readable(String name) {
    byte[] bytes = name.replace('\0', '?').getBytes(StandardCharsets.UTF_8);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static boolean isWritten(Session session, PreparedStatement statement)
      throws SQLException {
    try {
      if (session.dialect() != Dialect.POSTGRESQL) {
        return statement.executeUpdate() == 1;
      }
      try (ResultSet written = statement.executeQuery()) {
        requireReplicated(statement);
        return written.next();
      }
    } catch (SQLException e) {
      if (session.dialect().isDuplicate(e)) {
        return false;
      }
      throw e;
    }
  }

  /** PostgreSQL commits with a warning when a timeout ends its waiting for a standby. */
  private static void requireReplicated(PreparedStatement statement) throws SQLException {
    SQLWarning warning = statement.getWarnings();
    while (warning != null) {
      if ("01000".equals(warning.getSQLState())) {
        throw new SQLTimeoutException("No standby has it.", warning.getSQLState());
      }
      warning = warning.getNextWarning();
    }
  }

  List<GrantSummary> list(String registration, @Nullable GrantKey after, int limit) {
    byte[] before = ListKey.before(registration);
    byte[] from = after == null ? before : ListKey.max(before, ListKey.of(after));
    return database.once(
        "list grants",
        session -> {
          try (PreparedStatement select = session.prepare(session.sql().list)) {
            select.setBytes(1, from);
            select.setBytes(2, ListKey.behind(registration));
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
              List<GrantSummary> summaries = new ArrayList<>();
              while (rows.next()) {
                summaries.add(summary(rows));
              }
              return List.copyOf(summaries);
            }
          }
        });
  }

  // NullAway does not see in a class file that a parameter of a nested type may be null.
  @SuppressWarnings("NullAway")
  private static GrantSummary summary(ResultSet row) throws SQLException {
    long end = row.getLong(6);
    Instant expiresAt = row.wasNull() ? null : instant(end);
    return new GrantSummary(
        ListKey.read(row.getBytes(1)),
        GrantSummary.State.valueOf(row.getString(2)),
        reason(row.getString(3)),
        row.getLong(4),
        instant(row.getLong(5)),
        expiresAt);
  }

  /** Null also for one that only a newer version knows. */
  private static @Nullable Reason reason(@Nullable String name) {
    return name == null ? null : Reason.named(name);
  }

  /** The version of each grant that was written in the time before now. */
  Map<String, Long> changes(Duration ago) {
    return database.once("look for changed grants", session -> changes(session, ago));
  }

  static Map<String, Long> changes(Session session, Duration ago) throws SQLException {
    try (PreparedStatement select = session.prepare(session.sql().changes)) {
      select.setLong(1, -ago.toNanos() / 1000);
      try (ResultSet rows = select.executeQuery()) {
        Map<String, Long> versions = new HashMap<>();
        while (rows.next()) {
          versions.put(rows.getString(1), rows.getLong(2));
        }
        return versions;
      }
    }
  }

  /**
   * Moves a row that cannot be opened to where it is kept for people.
   *
   * @return false when it is another one by now
   */
  boolean setAside(String id, Row row, String why) {
    return database.winsAtOnce(
        "set a broken grant aside",
        session -> {
          try (PreparedStatement delete = session.prepare(session.sql().delete)) {
            delete.setString(1, id);
            delete.setLong(2, row.version());
            delete.setString(3, row.record());
            if (delete.executeUpdate() != 1) {
              return false;
            }
          }
          try (PreparedStatement keep = session.prepare(session.sql().keepCorrupt)) {
            keep.setString(1, id);
            keep.setString(2, why);
            keep.setLong(3, row.version());
            keep.setString(4, row.record());
            keep.executeUpdate();
          }
          return true;
        });
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static long micros(Instant time) {
    Instant kept = time.isAfter(LAST) ? LAST : time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
    return kept.getEpochSecond() * 1_000_000 + kept.getNano() / 1000;
  }
}
