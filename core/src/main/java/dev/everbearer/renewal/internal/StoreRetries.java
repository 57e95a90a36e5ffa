package dev.everbearer.renewal.internal;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a store does not take now is tried again in the background, less and less often, until it is
 * done or the client is closed. Thread-safe.
 */
public final class StoreRetries {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 5_000;

  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean isClosed;

  /** None so far. */
  public StoreRetries() {}

  /**
   * Does some work, first in a moment.
   *
   * @param work throws as long as it is in vain
   */
  void until(Timing timing, Runnable work) {
    int unused = waiting.incrementAndGet();
    later(timing, work, FIRST_MILLIS);
  }

  private void later(Timing timing, Runnable work, long millis) {
    if (isClosed) {
      return;
    }
    try {
      Future<?> unused =
          timing
              .scheduler()
              .schedule(() -> hand(timing, work, millis), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "The threads have ended, and nothing is tried again.");
    }
  }

  /** To a worker; one that has no room may have some later. */
  private void hand(Timing timing, Runnable work, long millis) {
    try {
      timing.worker().execute(() -> attempt(timing, work, millis));
    } catch (RejectedExecutionException e) {
      later(timing, work, Math.min(LONGEST_MILLIS, millis * 2));
    }
  }

  private void attempt(Timing timing, Runnable work, long millis) {
    if (isClosed) {
      return;
    }
    try {
      work.run();
      int unused = waiting.decrementAndGet();
    } catch (RuntimeException e) {
      later(timing, work, Math.min(LONGEST_MILLIS, millis * 2));
    }
  }

  /** Nothing is tried again from now on. */
  public void close() {
    isClosed = true;
    int left = waiting.get();
    if (left > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The client is closed while {0} changes wait for the token store. What a server gave"
              + " stays in the outbox until the next client is opened there.",
          left);
    }
  }
}
