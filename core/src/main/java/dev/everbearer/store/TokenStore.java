package dev.everbearer.store;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps grant records. Implementations are thread-safe, may block, and promise three things: a
 * record is read and written whole; {@link #compareAndSet} is atomic; an acknowledged write is
 * never lost, not even by the failure of a machine if the store is to outlive one. Whatever else a
 * renewal needs, its lease and its claims, stands inside the record.
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

  /**
   * Whether records are there for other processes too, or for this one after a restart. Such a
   * store is the one that keeps refresh tokens, and each process has an outbox beside it.
   */
  default boolean isDurable() {
    return false;
  }

  /**
   * Lists the grants of a client registration without opening a record, in the order of {@link
   * GrantKey#BY_SUBJECT}.
   *
   * @param registration the name of the client registration
   * @param after the grant to go on behind; null to begin
   * @param limit how many at most; at least 1
   * @throws UnsupportedOperationException if the store cannot list
   */
  default List<GrantSummary> list(String registration, @Nullable GrantKey after, int limit) {
    throw new UnsupportedOperationException(getClass().getName() + " lists no grants.");
  }

  /**
   * Tells of records that others change, soon after they do. It is a help and no promise: notices
   * may be lost, and come for changes of one's own too. Of a record that is only {@linkplain
   * GrantRecord#isClaimed() claimed} it need not tell.
   *
   * @param changed gets the {@link GrantKey#digest()} of each, on a thread of the store; it must
   *     not block
   * @return ends it, when closed
   */
  default Watch watch(Consumer<String> changed) {
    return () -> {};
  }

  /** Ends notices when closed. */
  @FunctionalInterface
  interface Watch extends AutoCloseable {

    @Override
    void close();
  }

  /** Frees what the store holds. */
  @Override
  void close();
}
