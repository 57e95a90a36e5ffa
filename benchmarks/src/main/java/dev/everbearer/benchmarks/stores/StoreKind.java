package dev.everbearer.benchmarks.stores;

import dev.everbearer.store.StoreKey;
import dev.everbearer.store.StoreKeys;
import java.io.IOException;

/** Where grants are kept. */
public enum StoreKind {
  /** The heap of this process: the base of comparison. */
  MEMORY("memory"),
  /** A directory of this host. */
  FILES("files"),
  /** A Redis on loopback. */
  REDIS("Redis"),
  /** A PostgreSQL on loopback. */
  POSTGRESQL("PostgreSQL");

  private final String title;

  StoreKind(String title) {
    this.title = title;
  }

  /** What people call it. */
  String title() {
    return title;
  }

  /** Starts an empty one. */
  SharedStore start() throws IOException {
    StoreKeys keys = StoreKeys.of(StoreKey.generate());
    return switch (this) {
      case MEMORY -> new SharedMemory();
      case FILES -> new SharedFiles(keys);
      case REDIS -> SharedRedis.start(keys);
      case POSTGRESQL -> SharedPostgres.start(keys);
    };
  }
}
