package dev.everbearer.demo;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run that is over: the counters of both sides, and when what happened.
 *
 * @param length from the start to the end of the last call, in nanoseconds
 * @param threads how many made the calls
 * @param calls what became of the calls
 * @param callsDue how many calls the schedule had; more than were made when threads were held up
 *     until the end
 * @param maxWait how long a call may wait for a token
 * @param tally what the library told
 * @param tokensIssued by the server, as the server counted
 * @param requestsRefused by the token endpoint in the outage or by another fault, as the server
 *     counted
 * @param lazyFailures how many calls a {@link LazyClient} would have failed in the outage
 * @param timeline when what happened
 * @param chaos what chaos adds; null without it
 */
record RunResult(
    long length,
    int threads,
    CallLog calls,
    long callsDue,
    Duration maxWait,
    Tally tally,
    long tokensIssued,
    long requestsRefused,
    long lazyFailures,
    Timeline timeline,
    @Nullable ChaosResult chaos) {

  /**
   * When what happened, in nanoseconds since the start of the run.
   *
   * @param scheduled how long calls were begun
   * @param outage when the token endpoint refused
   * @param revokedAt when the tokens were revoked; null when they were not
   * @param incidents the troubles of chaos
   * @param tokens the life of each token, cut short by the revocation
   * @param failedRenewals when an attempt to obtain a token failed
   * @param rates ended calls over time
   */
  record Timeline(
      Duration scheduled,
      Span outage,
      @Nullable Long revokedAt,
      List<Incident> incidents,
      List<Span> tokens,
      List<Long> failedRenewals,
      Rates rates) {}

  /** More than a call takes when it does not wait, also on a busy machine. */
  private static final Duration ALLOWANCE = Duration.ofSeconds(1);

  /** Every request to the token endpoint, refused ones included. */
  long tokenRequests() {
    return tokensIssued + requestsRefused;
  }

  double seconds() {
    return length / 1e9;
  }

  /** Calls that were due when every thread was held up, and were so until the end. */
  long callsNotMade() {
    return callsDue - calls.calls();
  }

  /**
   * Whether calls were not made because a thread was stuck. While threads wait inside their
   * deadline there are such calls, too, if the run ends just then; that is no failure.
   */
  boolean wasStuck() {
    return callsNotMade() > 0 && calls.millisSinceStart(100) > maxWait.plus(ALLOWANCE).toMillis();
  }

  boolean isGood() {
    boolean isSteady = chaos == null || chaos.footprints().growth().isEmpty();
    return calls.failed() == 0 && calls.calls() > 0 && !wasStuck() && isSteady;
  }
}
