package dev.everbearer.store;

import java.time.Instant;

/**
 * Keeps grant records. Implementations are thread-safe, may block, and promise three things: a
 * record is read and written whole; {@link #compareAndSet} is atomic; an acknowledged write is
 * never lost while the store lives.
 */
public interface TokenStore extends AutoCloseable {

  /**
   * What a read brings.
   *
   * @param record the record; {@link GrantRecord#absent()} when there is none
   * @param now the store's own clock, by which all who share it agree
   */
  record Snapshot(GrantRecord record, Instant now) {}

  /** Reads a record. */
  Snapshot read(GrantKey key);

  /**
   * Writes a record if the stored one still has the version that {@code next} follows.
   *
   * @param next a record of version {@code n + 1}
   * @return whether it was written: false when the stored version is not {@code n}
   */
  boolean compareAndSet(GrantKey key, GrantRecord next);

  /** Frees what the store holds. */
  @Override
  void close();
}
