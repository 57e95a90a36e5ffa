package dev.everbearer.renewal.internal;

import dev.everbearer.token.AccessToken;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Does one renewal: the store, the exchange, the commit. Blocks. */
interface Renewer {

  /**
   * A token with the moment from which its life counts.
   *
   * @param token the token
   * @param life how long it lives; zero when it must not be kept, null when it is not known
   * @param sentAt by the wall clock
   * @param sentNanos by the monotonic clock
   * @param isRenewable whether the next one can be had without a person
   */
  record Renewed(
      AccessToken token,
      @Nullable Duration life,
      Instant sentAt,
      long sentNanos,
      boolean isRenewable) {}

  /** The grant is over. */
  final class GrantOverException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient SourceState.Over over;

    GrantOverException(SourceState.Over over) {
      super(over.message());
      this.over = over;
    }

    SourceState.Over over() {
      return over;
    }
  }

  /**
   * One attempt.
   *
   * @param inHand the token to be replaced; null when there is none
   * @param deadline for the exchange with the server
   * @throws dev.everbearer.token.OAuthException when the attempt failed
   * @throws GrantOverException when no attempt can succeed any more
   * @throws InterruptedException when interrupted
   */
  Renewed renew(@Nullable AccessToken inHand, Duration deadline)
      throws GrantOverException, InterruptedException;

  /** Whether an attempt must not be repeated while an earlier one may still be processed. */
  boolean isUnrepeatable();
}
