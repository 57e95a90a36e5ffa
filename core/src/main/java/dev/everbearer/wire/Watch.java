package dev.everbearer.wire;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Interrupts the thread that began it when its time is over, and again until it is closed, for
 * foreign code there may swallow that. When the whole process stood still meanwhile, there is a
 * moment more, to read what has arrived.
 */
final class Watch implements AutoCloseable {

  static final Duration MOMENT = Duration.ofSeconds(1);
  private static final long LOOK_NANOS = 200_000_000;
  private static final long STANDSTILL_NANOS = 1_500_000_000;
  private static final int MOST_MOMENTS = 3;

  private final Thread watched = Thread.currentThread();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final LongSupplier nanoTime;
  private long left;
  private int moments;
  private boolean isOver; // guarded by this

  private Watch(Duration limit, LongSupplier nanoTime) {
    this.left = limit.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Begins, on a thread that ends with it. */
  static Watch begin(Duration limit, LongSupplier nanoTime) {
    Watch watch = new Watch(limit, nanoTime);
    Thread thread = new Thread(null, watch::run, "everbearer-exchange", 0, false);
    thread.setContextClassLoader(null);
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  private void run() {
    try {
      while (!isClosedMeanwhile()) {
        if (left <= 0) {
          interrupt();
        }
      }
    } catch (InterruptedException e) {
      interrupt();
    }
  }

  private boolean isClosedMeanwhile() throws InterruptedException {
    long from = nanoTime.getAsLong();
    long look = left > 0 ? Math.min(LOOK_NANOS, left) : LOOK_NANOS;
    boolean isClosed = closed.await(look, TimeUnit.NANOSECONDS);
    long passed = nanoTime.getAsLong() - from;
    boolean isMomentDue = passed > STANDSTILL_NANOS && left > 0 && moments < MOST_MOMENTS;
    left -= passed;
    if (isMomentDue) {
      moments++;
      left = Math.max(left, MOMENT.toNanos());
    }
    return isClosed;
  }

  private synchronized void interrupt() {
    if (closed.getCount() > 0) {
      isOver = true;
      watched.interrupt();
    }
  }

  /** Whether it has interrupted. */
  synchronized boolean isOver() {
    return isOver;
  }

  /**
   * Ends it; what was interrupted in this very moment is so no longer. Another's interrupt that
   * falls together with ours cannot be told from it.
   */
  @Override
  public synchronized void close() {
    closed.countDown();
    if (isOver) {
      boolean unused = Thread.interrupted();
    }
  }
}
