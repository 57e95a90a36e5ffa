package dev.everbearer.token;

import org.jspecify.annotations.Nullable;

/** The grant is over and nothing but a new login, or a new refresh token, brings the next token. */
public final class LoginRequiredException extends OAuthException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why the grant is over. */
  public enum Reason {
    /**
     * The server refused the refresh token: it was revoked, it ran out, or someone else used it.
     */
    REFUSED,
    /**
     * A rotated refresh token was lost on its way to us, and the server takes the old one no more.
     */
    LOST_IN_FLIGHT,
    /** It was logged out here: its tokens are out of use, whether or not they are revoked yet. */
    LOGGED_OUT,
    /**
     * The refresh token is bound to a key that this client does not hold (RFC 9449 section 5). It
     * is of use again for a client that does.
     */
    KEY_NOT_HELD
  }

  /**
   * The error for one caller.
   *
   * @param failure the answer that ended the grant; null when it is not known any more
   */
  public LoginRequiredException(Reason reason, String message, @Nullable Failure failure) {
    super(message, failure, null);
    this.reason = reason;
  }

  /** Why the grant is over. */
  public Reason reason() {
    return reason;
  }
}
