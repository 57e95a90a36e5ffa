package dev.everbearer.demo;

import java.util.concurrent.atomic.AtomicLongArray;

/** Ended calls over time, in slots of equal width. Thread-safe. */
final class Rates {

  private static final long SECOND = 1_000_000_000L;
  private static final long SHORTEST = SECOND / 4;
  private static final int SLOTS_OF_A_RUN = 100;

  private final long width;
  private final AtomicLongArray good;
  private final AtomicLongArray failed;

  /**
   * Slots for a run.
   *
   * @param run how long calls are begun, in nanoseconds
   * @param longestCall how much longer the last may take
   */
  Rates(long run, long longestCall) {
    width = Math.max(SHORTEST, run / SLOTS_OF_A_RUN);
    int slots = (int) ((run + longestCall) / width) + 1;
    good = new AtomicLongArray(slots);
    failed = new AtomicLongArray(slots);
  }

  void count(long ended, boolean isGood) {
    int slot = (int) Math.min(ended / width, good.length() - 1);
    (isGood ? good : failed).incrementAndGet(slot);
  }

  int slots() {
    return good.length();
  }

  /** The width of a slot in nanoseconds. */
  long width() {
    return width;
  }

  /** Calls a second that were answered in a slot. */
  double good(int slot) {
    return good.get(slot) * (double) SECOND / width;
  }

  /** Calls a second that failed in a slot. */
  double failed(int slot) {
    return failed.get(slot) * (double) SECOND / width;
  }
}
