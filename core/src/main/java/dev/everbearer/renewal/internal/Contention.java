package dev.everbearer.renewal.internal;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;

/**
 * Writes that came too late. The next look shows who was faster, and at the first time it is made
 * at once; but where a store's reads lag behind its writes it shows the same again, so that it is
 * waited longer and longer, and not for ever. Not thread-safe.
 */
final class Contention {

  private static final int MOST = 60;
  private static final long FIRST_NANOS = 25_000_000;
  private static final long LONGEST_NANOS = 200_000_000;

  private final Pause pause;
  private long next = FIRST_NANOS;
  private int lost;

  Contention(Pause pause) {
    this.pause = pause;
  }

  /**
   * A write came too late, and the store is to be looked at again. When the thread is interrupted
   * it goes on without waiting, and stays interrupted.
   *
   * @throws dev.everbearer.token.OAuthException when that has happened too often
   */
  void lost() {
    lost++;
    if (lost > MOST) {
      throw Failure.builder(
              FailureKind.SERVER_TROUBLE,
              "The token store took none of %d writes, each after another look: what it shows seems"
                      .formatted(MOST)
                  + " to lag behind what it has. Let it read where it writes.")
          .build()
          .toException();
    }
    if (lost > 1) {
      await();
    }
  }

  private void await() {
    try {
      pause.nanos(next);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    next = Math.min(LONGEST_NANOS, next * 2);
  }
}
