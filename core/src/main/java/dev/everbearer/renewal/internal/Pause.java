package dev.everbearer.renewal.internal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Lets the calling thread wait by the engine's own clock, so that what waits can be tested without
 * waiting. Thread-safe.
 */
public final class Pause {

  private final Timing timing;

  /** By the clock and scheduler of an engine. */
  public Pause(Timing timing) {
    this.timing = timing;
  }

  /** The monotonic clock. */
  public long now() {
    return timing.nanoTime().getAsLong();
  }

  /**
   * Blocks for a time by the monotonic clock; none when it is not positive.
   *
   * @throws InterruptedException when interrupted
   */
  public void nanos(long duration) throws InterruptedException {
    await(duration, new CountDownLatch(1));
  }

  /**
   * As {@link #nanos}, or until somebody else counts the latch down.
   *
   * @param over of one count, for this wait alone
   */
  public void await(long duration, CountDownLatch over) throws InterruptedException {
    if (duration <= 0) {
      return;
    }
    Future<?> wake = timing.scheduler().schedule(over::countDown, duration, TimeUnit.NANOSECONDS);
    try {
      while (!over.await(1, TimeUnit.SECONDS)) {
        if (timing.scheduler().isShutdown()) {
          throw new InterruptedException("Nothing wakes it any more.");
        }
      }
    } finally {
      wake.cancel(false);
    }
  }
}
