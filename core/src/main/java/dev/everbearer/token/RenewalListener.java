package dev.everbearer.token;

import java.net.URI;
import java.time.Duration;

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
}
