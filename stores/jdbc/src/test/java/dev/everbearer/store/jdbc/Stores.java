package dev.everbearer.store.jdbc;

import dev.everbearer.store.StoreKey;
import dev.everbearer.store.StoreKeys;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Stores whose tables are made. */
final class Stores {

  static final StoreKeys KEYS = StoreKeys.of(StoreKey.generate());

  private static final AtomicInteger COUNT = new AtomicInteger();

  private Stores() {}

  /** A store with tables of its own. */
  static JdbcTokenStore emptyOn(DataSource source) {
    return emptyOn(source, newPrefix());
  }

  /** A store whose tables are made. */
  static JdbcTokenStore emptyOn(DataSource source, String prefix) {
    JdbcTokenStore store = withTables(source, prefix);
    store.createTables();
    return store;
  }

  static String newPrefix() {
    return "test%d_".formatted(COUNT.incrementAndGet());
  }

  static JdbcTokenStore withTables(DataSource source, String prefix) {
    return JdbcTokenStore.builder(source, KEYS).tablePrefix(prefix).build();
  }
}
