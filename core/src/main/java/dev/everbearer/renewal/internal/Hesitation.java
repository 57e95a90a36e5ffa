package dev.everbearer.renewal.internal;

import dev.everbearer.token.Failure;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Stays away after a failure, as sources do: the longer the more often it failed. For what is not
 * asked for a token. Thread-safe.
 */
public final class Hesitation {

  /** Long enough for the longest of all delays. */
  private static final long LEFT = 240_000_000_000L;

  private final LongSupplier nanoTime;
  private final DoubleSupplier random;
  private final Object lock = new Object();
  private Attempts attempts = Attempts.NONE; // guarded by lock

  /**
   * Nothing has failed so far.
   *
   * @param random between 0 and 1, for jitter
   */
  public Hesitation(LongSupplier nanoTime, DoubleSupplier random) {
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /** What failed and is not tried again now; empty when it may be tried. */
  public Optional<Failure> reason() {
    synchronized (lock) {
      return attempts.allows(nanoTime.getAsLong())
          ? Optional.empty()
          : Optional.ofNullable(attempts.lastFailure());
    }
  }

  /** One more failure. */
  public void failed(Failure failure) {
    synchronized (lock) {
      Backoff.Delay delay =
          Backoff.after(failure, attempts.failures() + 1, random.getAsDouble(), false, LEFT);
      attempts = attempts.failed(failure, nanoTime.getAsLong(), delay);
    }
  }

  /** All is well again. */
  public void succeeded() {
    synchronized (lock) {
      attempts = Attempts.NONE;
    }
  }
}
