package dev.everbearer.testing.server;

import java.io.ByteArrayOutputStream;

/** The first bytes that went in one direction of a connection. Thread-safe. */
final class TrafficLog {

  /** How many bytes are kept; later ones are forwarded, but not kept. */
  static final int KEPT_BYTES = 4 * 1024 * 1024;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  synchronized void add(byte[] bytes, int length) {
    kept.write(bytes, 0, Math.min(length, KEPT_BYTES - kept.size()));
  }

  synchronized byte[] bytes() {
    return kept.toByteArray();
  }

  synchronized void clear() {
    kept.reset();
  }
}
