package dev.everbearer.store;

import dev.everbearer.store.internal.LockFile;
import dev.everbearer.store.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A directory that is held by a lock for as long as this is open; the lock ends with a process. */
final class FileOutbox implements Outbox {

  private final OutboxDirectory place;
  private final Path directory;
  private final LockFile held;
  private final Map<GrantKey, GrantRecord> uncommitted;

  /** Held while files are written. */
  private final ReentrantLock writing = new ReentrantLock();

  private volatile boolean isClosed;

  FileOutbox(
      OutboxDirectory place,
      Path directory,
      LockFile held,
      Map<GrantKey, GrantRecord> uncommitted) {
    this.place = place;
    this.directory = directory;
    this.held = held;
    this.uncommitted = new ConcurrentHashMap<>(uncommitted);
  }

  static Outbox in(Path directory, StoreKeys keys) {
    return new OutboxDirectory(directory, keys).open();
  }

  @Override
  public String owner() {
    return String.valueOf(directory.getFileName());
  }

  @Override
  public void put(GrantKey key, GrantRecord record) {
    // Known first: while the disk or a key fails, this process is the place that has it.
    uncommitted.put(key, record);
    byte[] content = place.seal().sealed(owner(), new OutboxEntry(key, record));
    change(key, "written", file -> PrivateFiles.replaceAlone(file, content));
  }

  @Override
  public void remove(GrantKey key) {
    if (uncommitted.containsKey(key)) {
      change(
          key,
          "deleted",
          file -> {
            PrivateFiles.delete(file);
            uncommitted.remove(key);
          });
    }
  }

  @FunctionalInterface
  private interface Change {

    void to(Path file) throws IOException;
  }

  private void change(GrantKey key, String toBe, Change change) {
    Path file = directory.resolve(key.digest() + OutboxDirectory.SUFFIX);
    writing.lock();
    try {
      if (isClosed) {
        throw new IllegalStateException("The outbox in " + directory + " is closed.");
      }
      change.to(file);
    } catch (IOException e) {
      throw FileFailures.of("An answer that is kept until the store has it", file, toBe, e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public @Nullable GrantRecord uncommitted(GrantKey key) {
    return uncommitted.get(key);
  }

  @Override
  public Map<GrantKey, GrantRecord> uncommitted() {
    return Map.copyOf(uncommitted);
  }

  @Override
  public List<Outbox> orphans() {
    return place.orphans();
  }

  /** What is kept stays, for whoever opens it next. */
  @Override
  public void close() {
    writing.lock();
    try {
      if (!isClosed) {
        isClosed = true;
        uncommitted.clear();
        held.close();
      }
    } finally {
      writing.unlock();
    }
  }

  /** Where it is. */
  @Override
  public String toString() {
    return "Outbox[" + directory + "]";
  }
}
