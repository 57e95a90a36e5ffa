package dev.everbearer.renewal.internal;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * What the last attempts taught: how often we failed, and when the next attempt may be made.
 *
 * @param failures how many attempts failed in a row
 * @param lastFailure the last one's failure; null when none failed
 * @param endedAt when the last failed one ended
 * @param notBefore when the next may be made after a failure
 * @param awaitedNotBefore the same while callers without a token wait
 * @param isFirm whether such callers cannot have it made sooner
 * @param isHopeless whether trying again does not mend the last failure, so that nobody waits
 * @param refusals how often the client was refused since a token came
 * @param zeroLives how many tokens in a row were good for one use only
 */
record Attempts(
    int failures,
    @Nullable Failure lastFailure,
    long endedAt,
    long notBefore,
    long awaitedNotBefore,
    boolean isFirm,
    boolean isHopeless,
    int refusals,
    int zeroLives) {

  /** While anyone waits, no back-off is longer than this. */
  static final long MAX_WHILE_WAITING = 1_000_000_000L;

  /** Nothing was tried, or all went well; its times mean nothing. */
  static final Attempts NONE = new Attempts(0, null, 0, 0, 0, false, false, 0, 0);

  /** When the next attempt may be made for a caller that has no token; now, or later. */
  long nextForWaiting(long now) {
    return lastFailure == null ? now : awaitedNotBefore;
  }

  boolean allows(long now) {
    return waitAt(now) <= 0;
  }

  /** How long until the next attempt may be made; not above 0 when it may be made now. */
  long waitAt(long now) {
    return lastFailure == null ? 0 : notBefore - now;
  }

  /** One more failure; the counters saturate. */
  Attempts failed(Failure failure, long now, Backoff.Delay delay) {
    return new Attempts(
        saturated(failures),
        failure,
        now,
        now + delay.nanos(),
        now + delay.awaitedNanos(),
        delay.isFirm(),
        !failure.kind().isTransient() && !delay.isDoubted(),
        refusalsWith(failure),
        zeroLives);
  }

  /** How often the client was refused, after one more failure. */
  int refusalsWith(Failure failure) {
    return failure.kind() == FailureKind.INVALID_CLIENT ? saturated(refusals) : refusals;
  }

  private static int saturated(int count) {
    return count == Integer.MAX_VALUE ? count : count + 1;
  }

  /** A token came that must not be kept: the next one is not fetched at once. */
  Attempts zeroLife(long now) {
    int count = Math.min(zeroLives + 1, 7);
    long gap = Math.min(60, 1L << (count - 1)) * 1_000_000_000L;
    Failure explanation =
        Failure.builder(
                FailureKind.THROTTLED,
                "The server answers tokens that live 0 seconds, so each is used once, and they are"
                    + " asked for no faster than every "
                    + gap / 1_000_000_000L
                    + " s. Give the client a longer token lifetime there.")
            .build();
    return new Attempts(0, explanation, now, now + gap, now + gap, true, false, 0, count);
  }
}
