package dev.everbearer.store.jdbc;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** How a kind of database says what SQL leaves open. */
enum Dialect {
  POSTGRESQL(
      "clock_timestamp()",
      "TIMESTAMPTZ 'epoch'",
      "CAST(EXTRACT(EPOCH FROM %s) * 1000000 AS BIGINT)",
      "%s + CAST(? AS DOUBLE PRECISION) * INTERVAL '1 microsecond'"),
  MYSQL(
      "UTC_TIMESTAMP(6)",
      "TIMESTAMP '1970-01-01 00:00:00'",
      "TIMESTAMPDIFF(MICROSECOND, TIMESTAMP '1970-01-01 00:00:00', %s)",
      "TIMESTAMPADD(MICROSECOND, ?, %s)"),
  H2(
      "CURRENT_TIMESTAMP(6)",
      "TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'",
      "DATEDIFF(MICROSECOND, TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00', %s)",
      "DATEADD(MICROSECOND, ?, %s)");

  private static final int MYSQL_DUPLICATE = 1062;

  private final String clock;
  private final String epoch;
  private final String micros;
  private final String plusMicros;

  Dialect(String clock, String epoch, String micros, String plusMicros) {
    this.clock = clock;
    this.epoch = epoch;
    this.micros = micros;
    this.plusMicros = plusMicros;
  }

  /** By what a driver calls the database; empty when it is none of these. */
  static Optional<Dialect> of(String product) {
    String name = product.toLowerCase(Locale.ROOT);
    if (name.contains("postgresql")) {
      return Optional.of(POSTGRESQL);
    }
    if (name.contains("mysql") || name.contains("mariadb")) {
      return Optional.of(MYSQL);
    }
    return name.equals("h2") ? Optional.of(H2) : Optional.empty();
  }

  /** The time of now. */
  String clock() {
    return clock;
  }

  /** A time as microseconds since 1970, whatever time zones are set. */
  String micros(String time) {
    return micros.formatted(time);
  }

  /** The time of so many microseconds since 1970: a parameter. */
  String ofMicros() {
    return plusMicros.formatted(epoch);
  }

  /** So many microseconds from now, a parameter, as an index can be searched for it. */
  String fromNow() {
    return plusMicros.formatted(this == POSTGRESQL ? "CURRENT_TIMESTAMP" : clock);
  }

  /** The resource with the tables. */
  String file() {
    return name().toLowerCase(Locale.ROOT) + ".sql";
  }

  /** Whether there is a row with this key already. */
  boolean isDuplicate(SQLException e) {
    return "23505".equals(e.getSQLState())
        || (this == MYSQL && e.getErrorCode() == MYSQL_DUPLICATE);
  }
}
