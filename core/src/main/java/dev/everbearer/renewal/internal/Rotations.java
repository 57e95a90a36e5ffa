package dev.everbearer.renewal.internal;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The exchanges whose answer must not be lost: a refresh token was sent and may be rotated. Closing
 * a client, and the end of the process, wait until each is committed or given up.
 */
public final class Rotations {

  private static final Set<Rotations> UNDER_WAY = ConcurrentHashMap.newKeySet();

  /** Its class is loaded, and so the hook added, with the first exchange. */
  private static final class ShutdownHook {
    static final Thread HOOK = new Thread(ShutdownHook::awaitAll, "everbearer-shutdown");

    static {
      HOOK.setContextClassLoader(null);
      Runtime.getRuntime().addShutdownHook(HOOK);
    }

    static void install() {
      // Loading this class did it.
    }

    private static void awaitAll() {
      UNDER_WAY.forEach(Rotations::await);
    }
  }

  private final Duration longest;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private int count; // guarded by lock

  /** None under way; no wait is longer than an exchange may take. */
  public Rotations(Duration longest) {
    this.longest = longest;
  }

  void begin() {
    installHook();
    lock.lock();
    try {
      count++;
      UNDER_WAY.add(this);
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      count--;
      if (count == 0) {
        UNDER_WAY.remove(this);
        ended.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private static void installHook() {
    try {
      ShutdownHook.install();
    } catch (IllegalStateException | LinkageError e) {
      // The process is ending already, and what is under way is awaited by nobody.
      System.getLogger("dev.everbearer.renewal")
          .log(System.Logger.Level.WARNING, "A renewal begins while the process ends.");
    }
  }

  /** Waits until none is under way, as long as one exchange may take. */
  public void await() {
    long left = longest.toNanos();
    lock.lock();
    try {
      while (count > 0 && left > 0) {
        left = ended.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
