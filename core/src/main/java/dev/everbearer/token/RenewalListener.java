package dev.everbearer.token;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/**
 * Hears what happens to tokens: for counters, logs and alarms. Every method does nothing unless
 * overridden. Called on a worker thread, never under a lock and never on the way of a call, in no
 * promised order between sources; what it throws is logged and dropped. Implementations must be
 * thread-safe.
 */
public interface RenewalListener {

  /** A token was obtained. */
  default void obtained(Obtained event) {}

  /** An attempt to obtain a token failed. */
  default void failed(Failed event) {}

  /** A caller had to wait for a token. */
  default void waited(Waited event) {}

  /** An API refused a token with 401 and accepted its successor: the caller saw no 401. */
  default void healed(Healed event) {}

  /** A grant is over: somebody must log in, or hand in a new refresh token. */
  default void loginRequired(LoginRequired event) {}

  /**
   * The token store began to fail. Told once, until {@link #storeUp}. What may rotate is not
   * renewed meanwhile, and tokens in hand are served to their end.
   */
  default void storeDown(StoreDown event) {}

  /** The token store, which had failed, works again: seen when it is used next. */
  default void storeUp(StoreUp event) {}

  /**
   * The server gave new tokens of a grant, and the store does not have them: writing failed. They
   * are in the outbox and in use, and writing them is tried again. Told once, until {@link
   * #committed}.
   */
  default void uncommitted(Uncommitted event) {}

  /**
   * The store has the new tokens of a grant that it had not: after {@link #uncommitted}, or because
   * a process that has ended left them in its outbox.
   */
  default void committed(Committed event) {}

  /**
   * A renewal waits for another process that has the refresh token in hand, for longer than such
   * processes usually take to share a new token: a second. Told once for each such wait.
   */
  default void waitingForOther(WaitingForOther event) {}

  /**
   * A token was obtained.
   *
   * @param grant what it was obtained by, without secrets
   * @param token the token; it prints no value
   * @param isBackground whether a usable token was in hand, so that nobody had to wait
   * @param lead how long before the old token's end; zero when there was none or it was over
   * @param attempts how many attempts it took, this one included
   */
  record Obtained(
      String grant, AccessToken token, boolean isBackground, Duration lead, int attempts) {}

  /**
   * An attempt failed.
   *
   * @param grant what was tried, without secrets
   * @param failure the failed attempt
   * @param isServing whether a usable token is still handed out
   * @param nextAttemptIn when the next attempt may be made
   */
  record Failed(String grant, Failure failure, boolean isServing, Duration nextAttemptIn) {}

  /**
   * A caller waited.
   *
   * @param grant what it waited for, without secrets
   * @param time how long
   * @param gotToken whether it got one in the end
   */
  record Waited(String grant, Duration time, boolean gotToken) {}

  /**
   * A 401 was healed.
   *
   * @param grant whose token it was, without secrets
   * @param origin the API that refused and then accepted
   */
  record Healed(String grant, URI origin) {}

  /**
   * A grant is over.
   *
   * @param grant which, without secrets
   * @param reason why
   * @param subject whose it is, as {@code connect} or the grant named them; empty when it is the
   *     client's own
   */
  record LoginRequired(String grant, LoginRequiredException.Reason reason, String subject) {}

  /**
   * The store fails.
   *
   * @param registration the name of the client registration
   * @param since when that was seen first, by the wall clock
   * @param message what the store says of it, without secrets
   */
  record StoreDown(String registration, Instant since, String message) {}

  /**
   * The store works again.
   *
   * @param registration the name of the client registration
   * @param after how long that took
   */
  record StoreUp(String registration, Duration after) {}

  /**
   * New tokens are not in the store yet.
   *
   * @param grant whose, without secrets
   * @param subject whose it is, as in {@link LoginRequired}
   * @param since when they came, by the wall clock
   */
  record Uncommitted(String grant, String subject, Instant since) {}

  /**
   * New tokens were written late.
   *
   * @param grant whose, without secrets
   * @param subject whose it is, as in {@link LoginRequired}
   * @param after how long after they came
   */
  record Committed(String grant, String subject, Duration after) {}

  /**
   * A renewal waits for another process. Which one that is is not known.
   *
   * @param grant whose, without secrets
   * @param subject whose it is, as in {@link LoginRequired}
   * @param since when the wait began, by the wall clock
   * @param atMost for how long from now; then the token may be sent by whoever is next
   */
  record WaitingForOther(String grant, String subject, Instant since, Duration atMost) {}
}
