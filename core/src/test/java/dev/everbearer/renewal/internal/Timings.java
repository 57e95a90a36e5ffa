package dev.everbearer.renewal.internal;

import dev.everbearer.testing.SettableClock;

/** Time that passes when a test says so, and work that is done at once. */
final class Timings {

  private Timings() {}

  static Timing of(SettableClock clock) {
    return new Timing(
        clock, clock::nanoTime, clock.scheduler(), Runnable::run, Runnable::run, () -> 0.5);
  }
}
