package dev.everbearer.renewal.internal;

import dev.everbearer.token.Failure;

/** How long to stay away from the server after a failure, by its kind. Nanoseconds. */
final class Backoff {

  private static final long SECOND = 1_000_000_000L;
  private static final long FIRST = SECOND / 4;
  private static final long SHORTEST = SECOND / 50;
  private static final long LONGEST = 60 * SECOND;
  private static final int MAX_DOUBLINGS = 8;

  private Backoff() {}

  /**
   * A delay, and whether even those who wait must respect it.
   *
   * @param nanos how long
   * @param isFirm whether waiting callers cannot shorten it
   * @param awaitedNanos how long while callers without a token wait
   * @param isDoubted whether callers wait although the failure is one that nothing mends
   */
  record Delay(long nanos, boolean isFirm, long awaitedNanos, boolean isDoubted) {

    Delay(long nanos, boolean isFirm, long awaitedNanos) {
      this(nanos, isFirm, awaitedNanos, false);
    }

    Delay(long nanos, boolean isFirm) {
      this(nanos, isFirm, isFirm ? nanos : Math.min(nanos, Attempts.MAX_WHILE_WAITING));
    }

    static Delay doubted(long nanos) {
      return new Delay(nanos, true, nanos, true);
    }

    Delay noLongerThan(long most) {
      return new Delay(Math.min(nanos, most), isFirm, Math.min(awaitedNanos, most), isDoubted);
    }
  }

  /**
   * The delay after a failure.
   *
   * @param failures how many failed in a row, this one included
   * @param random between 0 and 1
   * @param isAwaited whether callers wait and have no token
   * @param left how long the token in hand still lives; 0 without one
   */
  static Delay after(Failure failure, int failures, double random, boolean isAwaited, long left) {
    return switch (failure.kind()) {
      case INVALID_CLIENT, REFUSED -> new Delay(60 * SECOND, true);
      case UNTRUSTED_SERVER -> new Delay(10 * SECOND, true);
      case INVALID_GRANT -> left > 0 ? new Delay(60 * SECOND, true) : new Delay(0, true);
      case THROTTLED, SERVER_TROUBLE, NOT_CONNECTED, UNCLEAR, MALFORMED ->
          again(failure, jittered(failures, random, isAwaited, left));
    };
  }

  private static Delay again(Failure failure, long jittered) {
    return failure
        .retryAfter()
        .map(wait -> new Delay(Math.max(wait.toNanos(), jittered), true))
        .orElse(new Delay(jittered, false));
  }

  /**
   * Doubling with full jitter. While a token is in hand several attempts must fit into what is left
   * of it; while callers wait for one, an attempt is made every second.
   */
  private static long jittered(int failures, double random, boolean isAwaited, long left) {
    long doubled = FIRST << Math.min(failures - 1, MAX_DOUBLINGS);
    long cap = isAwaited ? Attempts.MAX_WHILE_WAITING : Math.max(SECOND, left / 4);
    long longest = Math.min(doubled, Math.min(cap, LONGEST));
    return Math.max(SHORTEST, (long) (random * longest));
  }
}
