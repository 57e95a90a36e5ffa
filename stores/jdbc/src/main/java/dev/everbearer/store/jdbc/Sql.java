package dev.everbearer.store.jdbc;

/** The statements, for a kind of database and the names of the tables. */
final class Sql {

  final String read;
  final String insert;
  final String update;
  final String claim;
  final String list;
  final String changes;
  final String delete;
  final String keepCorrupt;

  private final Dialect dialect;
  private final Tables tables;

  Sql(Dialect dialect, Tables tables) {
    this.dialect = dialect;
    this.tables = tables;
    this.read = read();
    this.insert = insert();
    this.update = dialect == Dialect.POSTGRESQL ? telling(update()) : update();
    this.claim = dialect == Dialect.POSTGRESQL ? notTelling(update()) : update();
    this.list = list();
    this.changes =
        "SELECT id, version FROM %s WHERE changed_at > %s"
            .formatted(tables.grant(), dialect.fromNow());
    this.delete =
        "DELETE FROM %s WHERE id = ? AND version = ? AND record = ?".formatted(tables.grant());
    this.keepCorrupt =
        "INSERT INTO %s (id, noticed_at, why, version, record) VALUES (?, %s, ?, ?, ?)"
            .formatted(tables.corrupt(), dialect.clock());
  }

  /** The clock comes also when there is no row. */
  private String read() {
    return "SELECT c.now_micros, g.version, g.record FROM (SELECT %s AS now_micros) c LEFT JOIN %s g ON g.id = ?"
        .formatted(dialect.micros(dialect.clock()), tables.grant());
  }

  private String insert() {
    String insert =
        "INSERT INTO %s (state, reason, version, changed_at, expires_at, record, id, list_key, registration, grant_type, subject) VALUES (?, ?, ?, %s, %s, ?, ?, ?, ?, ?, ?)"
            .formatted(tables.grant(), dialect.clock(), dialect.ofMicros());
    return dialect == Dialect.POSTGRESQL ? telling(insert + " ON CONFLICT DO NOTHING") : insert;
  }

  private String update() {
    return "UPDATE %s SET state = ?, reason = ?, version = ?, changed_at = %s, expires_at = %s, record = ? WHERE id = ? AND version = ?"
        .formatted(tables.grant(), dialect.clock(), dialect.ofMicros());
  }

  /** The notice goes out when the write is committed, and only then. */
  private String telling(String write) {
    return "WITH written AS (%s RETURNING id) SELECT pg_notify('%s', id) FROM written"
        .formatted(write, tables.grant());
  }

  private static String notTelling(String write) {
    return "WITH written AS (%s RETURNING id) SELECT id FROM written".formatted(write);
  }

  private String list() {
    return "SELECT list_key, state, reason, version, %s, %s FROM %s WHERE list_key > ? AND list_key < ? ORDER BY list_key LIMIT ?"
        .formatted(dialect.micros("changed_at"), dialect.micros("expires_at"), tables.grant());
  }
}
