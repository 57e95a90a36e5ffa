package dev.everbearer.http.internal;

import dev.everbearer.wire.HttpClients;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The end of a wrapped client, as JDK 21 defines it: no new requests, those under way go on, and
 * one can wait for them. A client that the user made is never closed.
 */
final class Closing {

  private final HttpClient delegate;
  private final boolean ownsDelegate;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private int underWay; // guarded by lock
  private boolean isShutdown; // guarded by lock

  Closing(HttpClient delegate, boolean ownsDelegate) {
    this.delegate = delegate;
    this.ownsDelegate = ownsDelegate;
  }

  void enter() throws IOException {
    lock.lock();
    try {
      if (isShutdown) {
        throw new IOException("This HTTP client is closed.");
      }
      underWay++;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      underWay--;
      endIfIdle();
    } finally {
      lock.unlock();
    }
  }

  void shutdown() {
    lock.lock();
    try {
      isShutdown = true;
      endIfIdle();
    } finally {
      lock.unlock();
    }
  }

  /** A client of our own is shut down only now: what was under way may have had to send again. */
  private void endIfIdle() {
    if (!isShutdown || underWay > 0) {
      return;
    }
    ended.signalAll();
    if (ownsDelegate) {
      HttpClients.shutdown(delegate);
    }
  }

  void shutdownNow() {
    shutdown();
    if (ownsDelegate) {
      HttpClients.shutdownNow(delegate);
    }
  }

  boolean isTerminated() {
    lock.lock();
    try {
      return isShutdown && underWay == 0 && hasDelegateEnded();
    } finally {
      lock.unlock();
    }
  }

  private boolean hasDelegateEnded() {
    return !ownsDelegate || !HttpClients.canClose() || HttpClients.isTerminated(delegate);
  }

  boolean awaitTermination(Duration timeout) throws InterruptedException {
    long left = awaitIdle(TimeUnit.NANOSECONDS.convert(timeout));
    return left >= 0
        && (!ownsDelegate || HttpClients.awaitTermination(delegate, Duration.ofNanos(left)));
  }

  /**
   * Waits until it is shut down and nothing is under way; says what is left, or -1 for too late.
   */
  private long awaitIdle(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (!isShutdown || underWay > 0) {
        if (left <= 0) {
          return -1;
        }
        left = ended.awaitNanos(left);
      }
      return Math.max(0, left);
    } finally {
      lock.unlock();
    }
  }

  void close() {
    shutdown();
    boolean isInterrupted = false;
    try {
      awaitIdle(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      isInterrupted = true;
      shutdownNow();
    }
    if (ownsDelegate) {
      HttpClients.close(delegate);
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
