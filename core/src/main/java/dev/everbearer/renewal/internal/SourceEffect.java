package dev.everbearer.renewal.internal;

import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;

/** What is to be done after a step; carried out in order. */
sealed interface SourceEffect {

  /** Why a caller gets no token. */
  enum Why {
    /** Its deadline came, or it does not wait. */
    TIMEOUT,
    /** The last attempt's failure, which waiting would not mend in time. */
    FAILURE,
    /** The grant is over. */
    LOGIN_REQUIRED,
    /** The source is closed. */
    CLOSED
  }

  /** Answers the look-up at hand. */
  record Serve(AccessToken token) implements SourceEffect {}

  /** Answers the look-up at hand. */
  record Refuse(Why why) implements SourceEffect {}

  /**
   * Lets the look-up at hand wait.
   *
   * @param until when its wait ends
   * @param hasToken whether a usable token is in hand meanwhile
   */
  record Park(long until, boolean hasToken) implements SourceEffect {}

  /** Starts an attempt. */
  record StartFlight(long number) implements SourceEffect {}

  /** Gives a token to all who wait. */
  record ReleaseAll(AccessToken token) implements SourceEffect {}

  /** Gives the token in hand to those who waited for a better one. */
  record ReleaseParked(AccessToken token) implements SourceEffect {}

  /** Tells all who wait that there will be no token. */
  record RefuseAll(Why why) implements SourceEffect {}

  /**
   * Tells those who wait, and whose deadline comes before the next attempt, of the last failure.
   * They are counted out by a {@link SourceEvent.Left} that follows.
   *
   * @param nextAttemptAt when the next attempt is made
   */
  record RefuseLate(long nextAttemptAt) implements SourceEffect {}

  /**
   * Tells the listeners.
   *
   * @param isBackground whether nobody had to wait
   * @param leadNanos how long before the old token's end
   * @param attempts how many it took
   */
  record AnnounceObtained(AccessToken token, boolean isBackground, long leadNanos, int attempts)
      implements SourceEffect {}

  /**
   * Tells the listeners.
   *
   * @param nextInNanos when the next attempt may be made
   * @param isServing whether a usable token is in hand
   */
  record AnnounceFailed(Failure failure, int failures, boolean isServing, long nextInNanos)
      implements SourceEffect {}

  /** Tells the listeners. */
  record AnnounceOver(SourceState.Over over) implements SourceEffect {}
}
