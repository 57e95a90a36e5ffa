package dev.everbearer.benchmarks.faults;

import java.time.Duration;

/**
 * When a fault strikes.
 *
 * @param life how long a token lives
 * @param margin how long before its end it is renewed
 * @param from when the fault begins, after the first token was obtained
 * @param until when it is over
 * @param total how long calls are made
 * @param patience how long a caller waits for its answer
 */
public record FaultTiming(
    Duration life,
    Duration margin,
    Duration from,
    Duration until,
    Duration total,
    Duration patience) {

  /** The fault is there when the first token becomes due and gone shortly before it ends. */
  public static final FaultTiming FULL = ofMillis(6000, 2000, 3000, 5500, 10_000, 3000);

  /** The fault is still there when the first token ends, and gone while callers still wait. */
  public static final FaultTiming FULL_ACROSS = ofMillis(6000, 2000, 3000, 7500, 10_000, 5000);

  /** As {@link #FULL} in less time. */
  public static final FaultTiming SHORT = ofMillis(3000, 1000, 1500, 2500, 5000, 3000);

  /** As {@link #FULL_ACROSS} in less time. */
  public static final FaultTiming SHORT_ACROSS = ofMillis(3000, 1000, 1500, 3500, 5000, 5000);

  /** All times in milliseconds, in the order of the members. */
  public static FaultTiming ofMillis(
      long life, long margin, long from, long until, long total, long patience) {
    return new FaultTiming(
        Duration.ofMillis(life),
        Duration.ofMillis(margin),
        Duration.ofMillis(from),
        Duration.ofMillis(until),
        Duration.ofMillis(total),
        Duration.ofMillis(patience));
  }
}
