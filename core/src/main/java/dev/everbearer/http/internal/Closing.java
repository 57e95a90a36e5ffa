package dev.everbearer.http.internal;

import dev.everbearer.wire.HttpClients;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
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
      if (underWay == 0) {
        ended.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  void shutdown() {
    lock.lock();
    try {
      isShutdown = true;
    } finally {
      lock.unlock();
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
      return isShutdown && underWay == 0;
    } finally {
      lock.unlock();
    }
  }

  boolean awaitTermination(Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (!isShutdown || underWay > 0) {
        if (left <= 0) {
          return false;
        }
        left = ended.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    shutdown();
    boolean isInterrupted = false;
    while (!isTerminated()) {
      try {
        awaitTermination(Duration.ofDays(1));
      } catch (InterruptedException e) {
        isInterrupted = true;
        shutdownNow();
        break;
      }
    }
    if (ownsDelegate) {
      HttpClients.close(delegate);
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
