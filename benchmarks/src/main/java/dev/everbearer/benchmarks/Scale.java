package dev.everbearer.benchmarks;

import dev.everbearer.benchmarks.faults.FaultTiming;
import java.time.Duration;

/**
 * How much is measured.
 *
 * @param forks how many Java machines JMH starts for each benchmark; zero stays in this one
 * @param iterations how many iterations JMH measures
 * @param iteration how long one takes
 * @param idleSources how many sources are opened at most
 * @param faults how many of the faults strike
 * @param faultsInHand when they strike while a token is in hand
 * @param faultsAcross when they strike across the end of a token
 * @param loadThreads how many threads call at once
 * @param load how long they call
 * @param storedGrants how many grants are in a store that nodes share
 * @param renewals how long they renew
 */
public record Scale(
    int forks,
    int iterations,
    Duration iteration,
    int idleSources,
    int faults,
    FaultTiming faultsInHand,
    FaultTiming faultsAcross,
    int loadThreads,
    Duration load,
    int storedGrants,
    Duration renewals) {

  /** What the pages tell of. */
  static final Scale FULL =
      new Scale(
          2,
          5,
          Duration.ofSeconds(1),
          1_000_000,
          20,
          FaultTiming.FULL,
          FaultTiming.FULL_ACROSS,
          32,
          Duration.ofSeconds(20),
          100_000,
          Duration.ofSeconds(20));

  /** A minute, to see that everything works. */
  static final Scale QUICK =
      new Scale(
          1,
          2,
          Duration.ofMillis(200),
          10_000,
          2,
          FaultTiming.SHORT,
          FaultTiming.SHORT_ACROSS,
          32,
          Duration.ofSeconds(3),
          2000,
          Duration.ofSeconds(1));
}
