package dev.everbearer.demo;

/**
 * When calls are due: call {@code n}, counted from zero, at {@code n / rate} seconds, as long as
 * that is before the end.
 *
 * @param rate calls in a second
 * @param end of the schedule, in nanoseconds since its start
 */
record Schedule(int rate, long end) {

  private static final long SECOND = 1_000_000_000L;

  long due(long call) {
    return call * SECOND / rate;
  }

  /** How many calls there are. */
  long calls() {
    return (end * rate + SECOND - 1) / SECOND;
  }
}
