package dev.everbearer.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** The time of a run: nanoseconds since its start. */
final class RunClock {

  private final long zero = System.nanoTime();
  private final Instant wallAtZero = Instant.now();

  long now() {
    return System.nanoTime() - zero;
  }

  /** A moment of the wall clock; negative when it was before the start. */
  long at(Instant moment) {
    return Duration.between(wallAtZero, moment).toNanos();
  }

  /** Waits until a moment of the run; returns at once when it is past, or at an interrupt. */
  void parkUntil(long moment) {
    long left = moment - now();
    while (left > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(left);
      left = moment - now();
    }
  }
}
