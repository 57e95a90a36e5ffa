package dev.everbearer.renewal.internal;

import dev.everbearer.token.OAuthException;
import dev.everbearer.token.RenewalListener;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether the token store works, by what its calls bring; told once for each change. What somebody
 * has to mend for one record alone, such as a key that is missing, is no outage. Thread-safe.
 */
final class StoreHealth {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  /**
   * The store fails.
   *
   * @param isOfWrites whether writes failed: then that reads work does not end it
   */
  private record Down(Instant since, long sinceNanos, String message, boolean isOfWrites) {

    Down alsoOf(boolean writes) {
      return new Down(since, sinceNanos, message, isOfWrites || writes);
    }
  }

  private final String registration;
  private final Announcer announcer;
  private final Timing timing;
  private final Object lock = new Object();
  private volatile @Nullable Down down; // written under the lock

  StoreHealth(String registration, Announcer announcer, Timing timing) {
    this.registration = registration;
    this.announcer = announcer;
    this.timing = timing;
  }

  boolean isDown() {
    return down != null;
  }

  /** A call failed. */
  void failed(RuntimeException thrown, boolean isWrite) {
    if (!isOutage(thrown)) {
      return;
    }
    Down begun;
    synchronized (lock) {
      Down before = down;
      if (before != null) {
        down = before.alsoOf(isWrite);
        return;
      }
      begun = new Down(timing.wall().instant(), nanos(), GrantBook.shown(thrown), isWrite);
      down = begun;
    }
    report(begun);
  }

  /** A call worked. */
  void worked(boolean isWrite) {
    if (down == null) {
      return;
    }
    Down ended;
    synchronized (lock) {
      ended = down;
      if (ended == null || (ended.isOfWrites() && !isWrite)) {
        return;
      }
      down = null;
    }
    reportEnd(Duration.ofNanos(nanos() - ended.sinceNanos()));
  }

  /** A caller's mistake, the end of this process, or one record that cannot be opened is none. */
  private static boolean isOutage(RuntimeException thrown) {
    if (thrown instanceof OAuthException e) {
      boolean passes = e.failure().map(failure -> failure.kind().isTransient()).orElse(true);
      return passes && !Thread.currentThread().isInterrupted();
    }
    return !(thrown instanceof IllegalArgumentException
        || thrown instanceof UnsupportedOperationException);
  }

  private void report(Down begun) {
    LOG.log(
        System.Logger.Level.WARNING,
        "The token store of {0} fails ({1}). Tokens in hand are served to their end; what may rotate"
            + " is not renewed until it works again. Check the store.",
        registration,
        begun.message());
    HealthEvents.storeDown(registration, begun.message());
    announcer.announce(
        listener ->
            listener.storeDown(
                new RenewalListener.StoreDown(registration, begun.since(), begun.message())));
  }

  private void reportEnd(Duration after) {
    LOG.log(
        System.Logger.Level.INFO,
        "The token store of {0} works again, after {1}.",
        registration,
        Diagnosis.span(after.toNanos()));
    HealthEvents.storeUp(registration, after);
    announcer.announce(
        listener -> listener.storeUp(new RenewalListener.StoreUp(registration, after)));
  }

  /** For people; empty when it works. */
  String sentence() {
    Down current = down;
    return current == null
        ? ""
        : "The token store of %s fails since %s (%s): %s Check it."
            .formatted(
                registration,
                current.since(),
                Diagnosis.span(nanos() - current.sinceNanos()),
                current.message());
  }

  private long nanos() {
    return timing.nanoTime().getAsLong();
  }
}
