package dev.everbearer.store.jdbc;

import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/** Databases of H2 in memory. */
final class H2 {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private H2() {}

  /** A new one. */
  static DataSource inMemory() {
    return JdbcConnectionPool.create(
        "jdbc:h2:mem:store-%d;DB_CLOSE_DELAY=-1".formatted(COUNT.incrementAndGet()), "sa", "");
  }
}
