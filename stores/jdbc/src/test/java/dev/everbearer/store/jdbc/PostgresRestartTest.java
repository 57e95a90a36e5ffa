package dev.everbearer.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.OAuthException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL that is killed and started again, with a pool before it. */
class PostgresRestartTest {

  private static final Duration PATIENCE = Duration.ofSeconds(45);

  @TempDir Path directory;
  private EmbeddedPostgres server;
  private HikariDataSource pool;
  private JdbcTokenStore store;

  private EmbeddedPostgres start(int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory.resolve("data"))
            .setCleanDataDirectory(false)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setPGStartupWait(PATIENCE);
    if (port > 0) {
      builder.setPort(port);
    }
    return builder.start();
  }

  @BeforeEach
  void open() throws IOException {
    server = start(0);
    pool = Postgres.pool(server, "TRANSACTION_READ_COMMITTED");
    store = JdbcTokenStore.of(pool, Stores.KEYS);
    store.createTables();
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    pool.close();
    server.close();
  }

  @Test
  @Spec("LC-61")
  void whatWasAcknowledgedIsThereAfterAKillAndTheStoreGoesOn() throws Exception {
    Set<String> told = ConcurrentHashMap.newKeySet();
    try (var watch = store.watch(told::add)) {
      assertThat(watch).isNotNull();
      assertThat(Grants.write(store, Grants.KEY, "before")).isTrue();
      await().atMost(PATIENCE).until(() -> told.contains(Grants.KEY.digest()));
      kill();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> store.read(Grants.KEY))
                      .isInstanceOf(OAuthException.class)
                      .hasMessageContaining("Could not read a grant"));
      assertThatThrownBy(
              () -> store.compareAndSet(Grants.KEY, Grants.withToken(version1(), "meanwhile")))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("Could not write a grant");
      server.close();
      server = start(server.getPort());
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(OAuthException.class)
          .untilAsserted(() -> assertThat(Grants.token(store, Grants.KEY)).isEqualTo("before"));
      GrantKey after = Grants.key("after");
      assertThat(Grants.write(store, after, "token")).isTrue();
      await().atMost(PATIENCE).until(() -> told.contains(after.digest()));
    }
  }

  private void kill() throws Exception {
    String pid = Files.readAllLines(directory.resolve("data/postmaster.pid")).get(0);
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    assertThat(postmaster.destroyForcibly()).isTrue();
    postmaster.onExit().get(30, TimeUnit.SECONDS);
  }

  private static GrantRecord version1() {
    return Grants.withToken(GrantRecord.absent(), "before");
  }

  @Test
  @Spec("LC-61")
  void aWriteThatNoStandbyHasIsNotAcknowledged() throws Exception {
    JdbcTokenStore hasty =
        JdbcTokenStore.builder(server.getPostgresDatabase(), Stores.KEYS)
            .queryTimeout(Duration.ofSeconds(1))
            .build();
    Grants.write(hasty, Grants.KEY, "everywhere");
    standby("nobody");
    assertThatThrownBy(() -> Grants.write(hasty, Grants.KEY, "here alone"))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("whether it was done is not known");
    standby("");
    assertThat(Grants.write(hasty, Grants.KEY, "everywhere again")).isTrue();
  }

  private void standby(String name) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM SET synchronous_standby_names = '%s'".formatted(name));
      statement.execute("SELECT pg_reload_conf()");
    }
    await().atMost(PATIENCE).until(() -> name.equals(standby()));
  }

  private String standby() throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW synchronous_standby_names")) {
      row.next();
      return row.getString(1);
    }
  }
}
