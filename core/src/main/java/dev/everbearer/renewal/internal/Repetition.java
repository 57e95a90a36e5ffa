package dev.everbearer.renewal.internal;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.time.Duration;

/**
 * Repeats a call that may be repeated, for as long as its caller waits: what passes by itself is
 * tried again after the server's {@code Retry-After} or a short, growing pause. Thread-safe.
 */
public final class Repetition {

  private final Timing timing;
  private final Pause pause;

  /** By the clocks of an engine. */
  public Repetition(Timing timing) {
    this.timing = timing;
    this.pause = new Pause(timing);
  }

  /** A call to a server. */
  @FunctionalInterface
  public interface Call<T> {

    /**
     * Makes the call.
     *
     * @param left what is left of the caller's time
     */
    T make(Duration left) throws InterruptedException;
  }

  /**
   * The result of the first call that succeeds.
   *
   * @param maxWait for all calls and pauses together
   * @throws OAuthException the last failure, when it is not one that passes, or time is up
   * @throws InterruptedException when interrupted
   */
  public <T> T of(Call<T> call, Duration maxWait) throws InterruptedException {
    long deadline = pause.now() + maxWait.toNanos();
    for (int failures = 1; ; failures++) {
      try {
        return call.make(Duration.ofNanos(Math.max(0, deadline - pause.now())));
      } catch (OAuthException e) {
        long wait = waitAfter(e, failures);
        if (wait < 0 || pause.now() + wait - deadline >= 0) {
          throw e;
        }
        pause.nanos(wait);
      }
    }
  }

  /** How long to stay away; negative when trying again cannot help. */
  private long waitAfter(OAuthException e, int failures) {
    Failure failure = e.failure().orElse(null);
    if (failure == null
        || !failure.kind().isTransient()
        || failure.kind() == FailureKind.MALFORMED) {
      return -1;
    }
    return Backoff.after(failure, failures, timing.random().getAsDouble(), true, 0).nanos();
  }
}
