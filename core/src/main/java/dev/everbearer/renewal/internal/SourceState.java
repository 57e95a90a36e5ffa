package dev.everbearer.renewal.internal;

import dev.everbearer.token.Failure;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.TokenState;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a source knows; {@link Lifecycle} alone makes the next one.
 *
 * @param held the token in hand, usable or not; null when there is none
 * @param flight the attempt under way; null when there is none
 * @param flights how many attempts were begun so far
 * @param waiting how many callers wait for a token that is not in hand
 * @param parked how many callers wait a moment for a better token than the one in hand
 * @param attempts what the last attempts taught
 * @param isIdle whether nobody used the token, so that it is left to die
 * @param over why the grant is over; null while it lives
 * @param isClosed whether the source was given up
 */
record SourceState(
    @Nullable Held held,
    @Nullable Flight flight,
    long flights,
    int waiting,
    int parked,
    Attempts attempts,
    boolean isIdle,
    @Nullable Over over,
    boolean isClosed) {

  /**
   * An attempt under way.
   *
   * @param number tells it from all others of this source
   * @param startedAt when it began
   * @param isBackground whether a usable token was in hand when it began
   */
  record Flight(long number, long startedAt, boolean isBackground) {}

  /**
   * The end of the grant.
   *
   * @param reason why
   * @param message for people
   * @param failure the answer that ended it; null when it is not known any more
   * @param isLoginPossible whether the next caller without a token may have a person asked
   */
  record Over(Reason reason, String message, @Nullable Failure failure, boolean isLoginPossible) {

    static Over loggedOut(boolean isLoginPossible) {
      return new Over(
          Reason.LOGGED_OUT,
          "The grant was logged out: its tokens are out of use. Log in again, or hand in a new"
              + " refresh token.",
          null,
          isLoginPossible);
    }

    Over withLoginPossible() {
      return new Over(reason, message, failure, true);
    }
  }

  /** Of a source that nobody has asked yet; one for all of them. */
  static final SourceState EMPTY =
      new SourceState(null, null, 0, 0, 0, Attempts.NONE, false, null, false);

  /** Where the token in hand stands; never LOGIN_REQUIRED. */
  TokenState zone(long now) {
    if (held == null) {
      return TokenState.EMPTY;
    }
    if (!held.isUsable(now)) {
      return TokenState.EXPIRED;
    }
    if (now - held.hardAt() >= 0) {
      return TokenState.DUE;
    }
    return now - held.softAt() >= 0 ? TokenState.RENEWABLE : TokenState.FRESH;
  }

  /** Where the source stands, for those who ask. */
  TokenState tokenState(long now) {
    return over != null && !hasUsable(now) ? TokenState.LOGIN_REQUIRED : zone(now);
  }

  /** Whether nothing that this source can do brings another token. */
  boolean isOverForGood() {
    return over != null && !over.isLoginPossible();
  }

  boolean hasUsable(long now) {
    return held != null && held.isUsable(now);
  }

  boolean isAwaited() {
    return waiting > 0;
  }

  SourceState withHeld(@Nullable Held newHeld) {
    return new SourceState(
        newHeld, flight, flights, waiting, parked, attempts, isIdle, over, isClosed);
  }

  /** An attempt began. */
  SourceState taken(Flight newFlight) {
    return new SourceState(
        held, newFlight, newFlight.number(), waiting, parked, attempts, false, over, isClosed);
  }

  /** The attempt under way ended. */
  SourceState landed() {
    return new SourceState(held, null, flights, waiting, parked, attempts, isIdle, over, isClosed);
  }

  SourceState withWaiters(int newWaiting, int newParked) {
    return new SourceState(
        held, flight, flights, newWaiting, newParked, attempts, isIdle, over, isClosed);
  }

  SourceState withAttempts(Attempts newAttempts) {
    return new SourceState(
        held, flight, flights, waiting, parked, newAttempts, isIdle, over, isClosed);
  }

  SourceState withIdle(boolean newIdle) {
    return new SourceState(
        held, flight, flights, waiting, parked, attempts, newIdle, over, isClosed);
  }

  SourceState withOver(@Nullable Over newOver) {
    return new SourceState(
        held, flight, flights, waiting, parked, attempts, isIdle, newOver, isClosed);
  }

  /** Nothing is handed out any more, so no token is kept either. */
  SourceState closed() {
    return new SourceState(null, flight, flights, 0, 0, attempts, isIdle, over, true);
  }

  /**
   * Until when look-ups need not think: the token in hand is simply served. In the past when the
   * next look-up has something to decide. Never after the token's end.
   */
  long quietUntil(long now) {
    if (held == null || isClosed || !held.isUsable(now)) {
      return now;
    }
    boolean nothingToStart = over != null || !(attempts.allows(now) || isIdle);
    return switch (zone(now)) {
      case FRESH -> held.softAt();
      case RENEWABLE -> flight != null || nothingToStart ? held.hardAt() : now;
      case DUE -> dueQuietUntil(held, now);
      default -> now;
    };
  }

  private long dueQuietUntil(Held current, long now) {
    if (over != null) {
      return current.endsAt();
    }
    if (flight != null || attempts.allows(now)) {
      return now;
    }
    return attempts.notBefore() - current.endsAt() < 0 ? attempts.notBefore() : current.endsAt();
  }

  /** For how long the token in hand serves everybody before callers wait; 0 where one waits. */
  long untilDue(long now) {
    if (held == null || flight == null || !flight.isBackground()) {
      return 0;
    }
    return Math.max(0, held.hardAt() - now);
  }

  /** When the source must be woken although nobody asks; {@link Long#MAX_VALUE} is never. */
  long wakeIn(long now) {
    if (isClosed || over != null || flight != null) {
      return Long.MAX_VALUE;
    }
    if (waiting > 0) {
      return Math.max(0, attempts.nextForWaiting(now) - now);
    }
    if (!hasUsable(now) || held == null || isIdle) {
      return Long.MAX_VALUE;
    }
    return Math.max(0, Math.max(held.softAt() - now, attempts.waitAt(now)));
  }
}
