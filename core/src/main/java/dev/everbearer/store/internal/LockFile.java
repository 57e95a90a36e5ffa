package dev.everbearer.store.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks of the operating system, for as long as a file is open: they end with a process, however it
 * ends. A lock is a process's, so the threads of one agree among themselves first.
 *
 * <p>Closing any channel of a file may give up all the locks that its process has on it, so a lock
 * file is never opened twice at a time.
 */
public final class LockFile implements AutoCloseable {

  private static final Set<OpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  private static final long PAUSE_NANOS = Duration.ofMillis(2).toNanos();
  private static final int PAUSES = 5_000;

  private static final ReentrantLock[] OF_THREADS = new ReentrantLock[64];
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** Of another copy of this class, whose lock would end with them. */
  private static final Queue<FileChannel> NOT_OURS = new ConcurrentLinkedQueue<>();

  static {
    for (int i = 0; i < OF_THREADS.length; i++) {
      OF_THREADS[i] = new ReentrantLock();
    }
  }

  private final Path held;
  private final FileChannel channel;

  private LockFile(Path held, FileChannel channel) {
    this.held = held;
    this.channel = channel;
  }

  /** What is done under a lock. */
  @FunctionalInterface
  public interface Work<T, X extends Exception> {

    T run() throws IOException, X;
  }

  /**
   * Does something that takes a moment, as the only one of all threads and processes. An interrupt
   * waits until it is done.
   *
   * @param file the lock file, which is made when it is not there
   * @throws IOException if somebody else does not come to an end
   */
  public static <T, X extends Exception> T whileHeld(Path file, Work<T, X> work)
      throws IOException, X {
    return whileHeld(file, PAUSES, work);
  }

  static <T, X extends Exception> T whileHeld(Path file, int pauses, Work<T, X> work)
      throws IOException, X {
    Path path = real(file);
    ReentrantLock lock = OF_THREADS[Math.floorMod(path.hashCode(), OF_THREADS.length)];
    lock.lock();
    try {
      return amongProcesses(path, pauses, work);
    } finally {
      lock.unlock();
    }
  }

  private static <T, X extends Exception> T amongProcesses(Path file, int pauses, Work<T, X> work)
      throws IOException, X {
    FileChannel channel = open(file);
    boolean isInterrupted = Thread.interrupted();
    try {
      isInterrupted |= awaitLock(channel, file, pauses);
      return work.run();
    } finally {
      if (!NOT_OURS.contains(channel)) {
        channel.close();
      }
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether the thread was interrupted meanwhile. */
  private static boolean awaitLock(FileChannel channel, Path file, int pauses) throws IOException {
    boolean isInterrupted = false;
    for (int paused = 0; paused < pauses; paused++) {
      if (isLocked(channel, file)) {
        return isInterrupted;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      isInterrupted |= Thread.interrupted();
    }
    throw new LockedException(
        "%s is locked by a process that does not come to an end. Nothing was changed; see which"
                .formatted(file)
            + " process that is, and whether it is stopped.");
  }

  /** One name for each file, however it was given. */
  private static Path real(Path file) throws IOException {
    return PrivateFiles.directory(file).toRealPath().resolve(String.valueOf(file.getFileName()));
  }

  /** Somebody else has a lock, and does not come to an end. */
  public static final class LockedException extends IOException {

    private static final long serialVersionUID = 1L;

    private LockedException(String message) {
      super(message);
    }
  }

  private static boolean isLocked(FileChannel channel, Path file) throws IOException {
    try {
      // Released by closing the channel.
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      NOT_OURS.add(channel);
      throw new LockedException(
          "%s is locked by another copy of this library in this process: have both use one copy,"
                  .formatted(file)
              + " or a directory each.");
    }
  }

  /**
   * Takes a lock until it is closed.
   *
   * @param file the lock file, which is made when it is not there
   * @return null when it is taken, by this process or another
   */
  public static @Nullable LockFile tryHold(Path file) throws IOException {
    Path path = real(file);
    if (!HELD.add(path)) {
      return null;
    }
    LockFile taken = null;
    try {
      taken = tryLock(path);
      return taken;
    } finally {
      if (taken == null) {
        HELD.remove(path);
      }
    }
  }

  private static @Nullable LockFile tryLock(Path path) throws IOException {
    FileChannel channel = open(path);
    try {
      if (channel.tryLock() != null) {
        return new LockFile(path, channel);
      }
    } catch (OverlappingFileLockException e) {
      NOT_OURS.add(channel);
      return null;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, OPTIONS, PrivateFiles.attributes(file, "rw-------"));
  }

  /** Leaves it to others. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It ends with the process.
    } finally {
      HELD.remove(held);
    }
  }
}
