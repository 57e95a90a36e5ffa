package dev.everbearer.benchmarks.stores;

import dev.everbearer.store.TokenStore;
import java.io.IOException;

/** A place for grants that nodes share, empty at first. It ends when it is closed. */
interface SharedStore extends AutoCloseable {

  /** A store object for one node, with connections of its own; the caller closes it. */
  TokenStore open();

  /** How it keeps what it acknowledges: what its server says of that, where there is one. */
  String durability();

  @Override
  void close() throws IOException;
}
