package dev.everbearer.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.everbearer.testing.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class PostgresRowsTest extends RowsContract {

  @Override
  DataSource source() {
    return Postgres.shared();
  }

  @Test
  @Spec("LC-61")
  void whatTheDatabaseUndoesBecauseOfAnotherIsALostRaceAndNoError() throws Exception {
    HikariDataSource pool = Postgres.pool("TRANSACTION_SERIALIZABLE");
    ExecutorService writers = Executors.newFixedThreadPool(3);
    try (JdbcTokenStore store = Stores.emptyOn(pool)) {
      List<Future<Integer>> written = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        written.add(writers.submit(() -> write(store)));
      }
      for (Future<Integer> each : written) {
        assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(20);
      }
      assertThat(store.read(Grants.KEY).record().version()).isEqualTo(60);
    } finally {
      writers.shutdownNow();
      pool.close();
    }
  }

  private static int write(JdbcTokenStore store) {
    int written = 0;
    while (written < 20) {
      written += Grants.write(store, Grants.KEY, "token-" + written) ? 1 : 0;
    }
    return written;
  }
}
