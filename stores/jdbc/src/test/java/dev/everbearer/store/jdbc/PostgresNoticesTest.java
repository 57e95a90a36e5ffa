package dev.everbearer.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.everbearer.store.GrantRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What PostgreSQL tells, without being asked again and again. */
class PostgresNoticesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String prefix = Stores.newPrefix();

  private JdbcTokenStore store(Duration pollEvery) {
    return JdbcTokenStore.builder(Postgres.shared(), Stores.KEYS)
        .tablePrefix(prefix)
        .pollEvery(pollEvery)
        .build();
  }

  /** The backend that listens to our channel. */
  private boolean isSomebodyListening() throws SQLException {
    try (Connection connection = Postgres.shared().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle' AND query LIKE '%"
                    + prefix
                    + "grant WHERE changed_at%' OR query = 'LISTEN "
                    + prefix
                    + "grant'")) {
      rows.next();
      return rows.getInt(1) > 0;
    }
  }

  @Test
  void aWriteIsToldWithoutPolling() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    try (JdbcTokenStore writer = store(Duration.ofMinutes(10));
        JdbcTokenStore reader = store(Duration.ofMinutes(10))) {
      writer.createTables();
      try (var watch = reader.watch(told::add)) {
        assertThat(watch).isNotNull();
        await().atMost(PATIENCE).until(this::isSomebodyListening);
        Grants.write(writer, Grants.KEY, "first");
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Grants.KEY.digest());
        for (int i = 0; i < 5; i++) {
          told.clear();
          Grants.write(writer, Grants.KEY, "next-" + i);
          assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Grants.KEY.digest());
        }
      }
    }
  }

  @Test
  void aClaimToRenewIsNoNews() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    try (JdbcTokenStore store = store(Duration.ofMinutes(10))) {
      store.createTables();
      try (var watch = store.watch(told::add)) {
        assertThat(watch).isNotNull();
        await().atMost(PATIENCE).until(this::isSomebodyListening);
        Grants.write(store, Grants.KEY, "first");
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Grants.KEY.digest());
        GrantRecord claimed = Grants.claimed(store.read(Grants.KEY).record());
        assertThat(store.compareAndSet(Grants.KEY, claimed)).isTrue();
        assertThat(store.read(Grants.KEY).record().isClaimed()).isTrue();
        Grants.write(store, Grants.key("other"), "token");
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Grants.key("other").digest());
      }
    }
  }

  @Test
  void aWriteThatChangesNothingTellsNothing() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    try (JdbcTokenStore store = store(Duration.ofMinutes(10))) {
      store.createTables();
      var first = Grants.withToken(GrantRecord.absent(), "first");
      store.compareAndSet(Grants.KEY, first);
      try (var watch = store.watch(told::add)) {
        assertThat(watch).isNotNull();
        // What was written just before may be told, too.
        told.poll(30, TimeUnit.SECONDS);
        assertThat(store.compareAndSet(Grants.KEY, first)).isFalse();
        Grants.write(store, Grants.key("other"), "token");
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Grants.key("other").digest());
      }
    }
  }

  @Test
  void whoMayNotListenIsToldByPolling() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    try (JdbcTokenStore writer = store(Duration.ofMillis(50));
        JdbcTokenStore reader =
            JdbcTokenStore.builder(Postgres.shared(), Stores.KEYS)
                .tablePrefix(prefix)
                .pollEvery(Duration.ofMillis(50))
                .withoutListening()
                .build()) {
      writer.createTables();
      try (var watch = reader.watch(told::add)) {
        assertThat(watch).isNotNull();
        Grants.write(writer, Grants.KEY, "first");
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Grants.KEY.digest());
        Grants.write(writer, Grants.KEY, "second");
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Grants.KEY.digest());
      }
    }
  }

  @Test
  void theThreadEndsWithTheStore() {
    JdbcTokenStore store = store(Duration.ofMinutes(10));
    store.createTables();
    store.watch(id -> {});
    assertThat(threads()).isPositive();
    store.close();
    await().atMost(PATIENCE).until(() -> threads() == 0);
  }

  @Test
  void theConnectionThatListenedIsOneOfThePoolAgainWhenNobodyWatches() {
    HikariDataSource pool = Postgres.pool();
    JdbcTokenStore store = Stores.withTables(pool, prefix);
    store.createTables();
    store.watch(id -> {}).close();
    await().atMost(PATIENCE).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
    try (var watch = store.watch(id -> {})) {
      assertThat(watch).isNotNull();
      await().atMost(PATIENCE).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 1);
    }
    await().atMost(PATIENCE).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
    for (int i = 0; i < 10; i++) {
      assertThat(Grants.write(store, Grants.key("user-" + i), "token")).isTrue();
    }
    assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isLessThanOrEqualTo(3);
    pool.close();
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(each -> each.getName().equals("everbearer-store-jdbc-changes"))
        .filter(Thread::isAlive)
        .count();
  }
}
