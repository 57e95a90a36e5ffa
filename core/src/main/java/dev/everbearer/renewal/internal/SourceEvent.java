package dev.everbearer.renewal.internal;

import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What can happen to a source. */
sealed interface SourceEvent {

  /** What a caller wants. */
  enum Demand {
    /** Any usable token. */
    USABLE,
    /** A token that is not about to be renewed, if that can be had soon. */
    FRESH
  }

  /**
   * A caller wants a token.
   *
   * @param deadline until when it waits
   * @param mayWait whether it waits at all
   * @param demand which token will do
   * @param refused a token that will not do, for an API refused it; null when any will
   */
  record LookUp(long deadline, boolean mayWait, Demand demand, @Nullable AccessToken refused)
      implements SourceEvent {}

  /**
   * Callers stopped waiting.
   *
   * @param waiting how many of those without a token
   * @param parked how many of those with one
   */
  record Left(int waiting, int parked) implements SourceEvent {}

  /**
   * A caller's time to wait is up.
   *
   * @param wasParked whether it had a usable token meanwhile
   * @param deadline its own deadline, which may come later than the end of this wait
   * @param refused a token that will not do; null when any will
   */
  record WaitEnded(boolean wasParked, long deadline, @Nullable AccessToken refused)
      implements SourceEvent {}

  /**
   * The time came that {@link SourceState#wakeIn} named.
   *
   * @param wasUsed whether anyone used the token in hand
   */
  record Woken(boolean wasUsed) implements SourceEvent {}

  /** Somebody wants a token to be in hand, though nobody waits for it. */
  record Nudged() implements SourceEvent {}

  /**
   * An attempt brought a token.
   *
   * @param flight which attempt
   * @param token the token
   * @param held the token to keep; null when it must not be kept
   */
  record Obtained(long flight, AccessToken token, @Nullable Held held) implements SourceEvent {}

  /**
   * An attempt failed.
   *
   * @param flight which attempt
   * @param failure how
   * @param random between 0 and 1, for the jitter
   * @param quietNanos how long the request may still be processed: a rotating refresh token was
   *     sent and no answer came; 0 when the same request may be repeated at once
   */
  record Failed(long flight, Failure failure, double random, long quietNanos)
      implements SourceEvent {}

  /**
   * An attempt showed that the grant is over.
   *
   * @param flight which attempt
   * @param over why
   */
  record GrantOver(long flight, SourceState.Over over) implements SourceEvent {}

  /** A token must not be handed out any more. */
  record Withdrawn(AccessToken token) implements SourceEvent {}

  /**
   * Every token of the grant was taken out of use.
   *
   * @param over why there will be no other; null when the next caller may have one
   */
  record GrantWithdrawn(SourceState.@Nullable Over over) implements SourceEvent {}

  /**
   * Somebody else has obtained a token.
   *
   * @param held the token to keep
   */
  record Adopted(Held held) implements SourceEvent {}

  /** Somebody else has found out that the grant is over; the token in hand is used up. */
  record EndedElsewhere(SourceState.Over over) implements SourceEvent {}

  /** There was a login: the token in hand is of the past, and the grant lives. */
  record BegunAnew() implements SourceEvent {}

  /** The wall clock was stepped, or the machine slept. */
  record WallSeen(Instant wall) implements SourceEvent {}

  /** The source is given up. */
  record Closed() implements SourceEvent {}
}
