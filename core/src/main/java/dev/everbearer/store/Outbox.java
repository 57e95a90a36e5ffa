package dev.everbearer.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a process keeps what a server answered until the shared store has it, so that a rotated
 * refresh token survives a crash between the two. It has an owner's name, by which the store's
 * records tell who sent what, and which outlives the process. Thread-safe; may block.
 */
public interface Outbox extends AutoCloseable {

  /** Whose it is: a random name that is never used by two processes at once. */
  String owner();

  /** Whether what is kept here outlives the process. */
  default boolean isDurable() {
    return true;
  }

  /**
   * Keeps an answer; it is on the disk when this returns.
   *
   * @param uncommitted a record with what the server gave, the one answer of its grant here
   */
  void put(GrantKey key, GrantRecord uncommitted);

  /** What was kept for a grant; null when nothing is. */
  @Nullable GrantRecord uncommitted(GrantKey key);

  /** All that is kept. */
  Map<GrantKey, GrantRecord> uncommitted();

  /** What was kept for a grant is in the store, or is of no use. */
  void remove(GrantKey key);

  /**
   * The outboxes of processes that have ended, in the same place. They belong to this process until
   * it closes them.
   */
  List<Outbox> orphans();

  /** Leaves it to whoever comes next. */
  @Override
  void close();

  /**
   * An outbox in a directory of this host, which all of its processes may share: each has one of
   * its own there, and takes over one whose process has ended. Its entries are encrypted, each in a
   * file of its own, with mode 0600. It may not lie on a disk that is copied to other hosts while
   * processes run.
   *
   * @param directory made when it is not there
   * @param keys encrypt, such as {@link KeyFile#at} of a file elsewhere
   * @throws dev.everbearer.token.OAuthException when it cannot be made or read there
   */
  static Outbox in(Path directory, StoreKeys keys) {
    return FileOutbox.in(directory, keys);
  }

  /** An outbox in memory: for stores that end with the process. */
  static Outbox inMemory() {
    return new MemoryOutbox();
  }
}
