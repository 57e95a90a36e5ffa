package dev.everbearer.benchmarks.clients;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Moments at equal distances, by the monotonic clock. Immutable. */
public final class Pace {

  private final long start;
  private final long step;

  /** The first moment is now. */
  public Pace(Duration step) {
    this(System.nanoTime(), step.toNanos());
  }

  private Pace(long start, long step) {
    this.start = start;
    this.step = step;
  }

  /** How many moments there are in a time. */
  public int countIn(Duration time) {
    return Math.toIntExact(time.toNanos() / step);
  }

  /** Waits for a moment, if it is still to come. */
  public void await(int number) {
    long left = start + number * step - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = start + number * step - System.nanoTime();
    }
  }

  /** How long ago a moment was, in milliseconds. */
  public long millisSince(int number) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start - number * step);
  }
}
