package dev.everbearer.renewal.internal;

import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.SourceClosedException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Does one renewal: the store, the exchange, the commit. Blocks. */
interface Renewer {

  /** Of a source that is closed: it knows no grant any more. */
  Renewer ENDED =
      new Renewer() {
        @Override
        public Renewed renew(Task task) {
          throw new SourceClosedException();
        }

        @Override
        public boolean isUnrepeatable() {
          return false;
        }
      };

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

  /** A refresh token that may be used up was not sent again, for it is too early for that. */
  final class TooEarlyException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final transient Duration quiet;

    /**
     * Nothing was sent.
     *
     * @param quiet how long an earlier request may still be processed; zero when it cannot be, and
     *     only the token in hand is reason to wait
     */
    TooEarlyException(Failure failure, Duration quiet) {
      super(failure.message());
      this.failure = failure;
      this.quiet = quiet;
    }

    Failure failure() {
      return failure;
    }

    Duration quiet() {
      return quiet;
    }
  }

  /**
   * What is to be done.
   *
   * @param inHand the token to be replaced; null when there is none
   * @param untilDue for how long the token in hand serves before callers would wait; zero when
   *     somebody has none to go on with
   * @param deadline for the exchange with the server
   */
  record Task(@Nullable AccessToken inHand, Duration untilDue, Duration deadline) {}

  /**
   * One attempt.
   *
   * @throws dev.everbearer.token.OAuthException when the attempt failed
   * @throws GrantOverException when no attempt can succeed any more
   * @throws TooEarlyException when it must not be made yet
   * @throws InterruptedException when interrupted
   */
  Renewed renew(Task task) throws GrantOverException, TooEarlyException, InterruptedException;

  /**
   * What a source knows of its grant.
   *
   * @param newest the newest token that it had; null when it had none, or was told to forget it
   * @param sentAt when the request for the token in hand was sent, by the monotonic clock; of no
   *     meaning without one
   * @param hasToken whether there is a token in hand
   * @param isOver whether it takes the grant to be over
   * @param isFlying whether an attempt is under way, after which it looks again
   */
  record Known(
      @Nullable AccessToken newest,
      long sentAt,
      boolean hasToken,
      boolean isOver,
      boolean isFlying) {

    boolean isBefore(long nanos) {
      return !hasToken || nanos - sentAt > 0;
    }
  }

  /**
   * Looks at what others have made of the grant. Blocks.
   *
   * @throws InterruptedException when interrupted
   */
  default StoreNews look(Known known) throws InterruptedException {
    return StoreNews.NOTHING;
  }

  /** What goes wrong with the grant beside the server, as sentences; empty when nothing does. */
  default String trouble() {
    return "";
  }

  /** Whether an attempt must not be repeated while an earlier one may still be processed. */
  boolean isUnrepeatable();
}
