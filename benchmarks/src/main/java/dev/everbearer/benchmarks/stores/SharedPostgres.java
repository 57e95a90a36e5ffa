package dev.everbearer.benchmarks.stores;

import com.zaxxer.hikari.HikariDataSource;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.jdbc.JdbcTokenStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL on loopback with its own settings, which the one of tests would weaken. */
final class SharedPostgres implements SharedStore {

  /** A connection for each caller of a node, and one that listens. */
  private static final int CONNECTIONS = Nodes.CALLERS + 1;

  private final EmbeddedPostgres server;
  private final StoreKeys keys;
  private final List<HikariDataSource> pools = new ArrayList<>();

  private SharedPostgres(EmbeddedPostgres server, StoreKeys keys) {
    this.server = server;
    this.keys = keys;
  }

  static SharedPostgres start(StoreKeys keys) throws IOException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
    SharedPostgres postgres = new SharedPostgres(server, keys);
    try (JdbcTokenStore store = JdbcTokenStore.of(server.getPostgresDatabase(), keys)) {
      store.createTables();
    }
    return postgres;
  }

  private HikariDataSource pool() {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
    pool.setMaximumPoolSize(CONNECTIONS);
    pools.add(pool);
    return pool;
  }

  @Override
  public TokenStore open() {
    return JdbcTokenStore.of(pool(), keys);
  }

  @Override
  public String durability() {
    try (Connection connection = server.getPostgresDatabase().getConnection()) {
      return "`fsync %s`, `synchronous_commit %s`"
          .formatted(shown(connection, "fsync"), shown(connection, "synchronous_commit"));
    } catch (SQLException e) {
      throw new IllegalStateException("The settings of PostgreSQL cannot be read.", e);
    }
  }

  private static String shown(Connection connection, String setting) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + setting)) {
      row.next();
      return row.getString(1);
    }
  }

  @Override
  public void close() throws IOException {
    pools.forEach(HikariDataSource::close);
    server.close();
  }
}
