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
 */
public record FaultTiming(
    Duration life, Duration margin, Duration from, Duration until, Duration total) {

  /** The fault is there when the first token becomes due and gone shortly before it ends. */
  public static final FaultTiming FULL = ofMillis(6000, 2000, 3500, 5500, 10_000);

  /** The same in less time. */
  public static final FaultTiming SHORT = ofMillis(3000, 1000, 1500, 2500, 5000);

  private static FaultTiming ofMillis(long life, long margin, long from, long until, long total) {
    return new FaultTiming(
        Duration.ofMillis(life),
        Duration.ofMillis(margin),
        Duration.ofMillis(from),
        Duration.ofMillis(until),
        Duration.ofMillis(total));
  }
}
