package dev.everbearer.server.internal;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Permits so many at once, and one more after each interval. Not thread-safe. */
final class TokenBucket {

  private final int capacity;
  private final long interval;
  private final LongSupplier nanoTime;
  private int permits;
  private long filledAt;

  TokenBucket(int capacity, Duration interval, LongSupplier nanoTime) {
    this.capacity = capacity;
    this.interval = interval.toNanos();
    this.nanoTime = nanoTime;
    this.permits = capacity;
    this.filledAt = nanoTime.getAsLong();
  }

  boolean tryTake() {
    long now = nanoTime.getAsLong();
    long due = (now - filledAt) / interval;
    if (permits + due >= capacity) {
      permits = capacity;
      filledAt = now;
    } else {
      permits += (int) due;
      filledAt += due * interval;
    }
    if (permits == 0) {
      return false;
    }
    permits--;
    return true;
  }
}
