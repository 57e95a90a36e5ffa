package dev.everbearer.token;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The grant is over and nothing but a new login, or a new refresh token, brings the next token. */
public final class LoginRequiredException extends OAuthException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why the grant is over. */
  public enum Reason {
    /**
     * The server refused the refresh token, and why is not known: it may have been revoked, have
     * run out, or have been used by someone else.
     */
    REFUSED,
    /**
     * The refresh token ran out: the server says so, or it refused it after the end that it had
     * stated for it, or after the time that its profile allows a token to go unused. {@code
     * keepAlive} renews users' grants before that.
     */
    EXPIRED,
    /** The server says that the grant was revoked, or ended the session before its stated end. */
    REVOKED,
    /**
     * The server says that the refresh token was used before, and nobody who shares this store did:
     * another program has a copy of it, or somebody has stolen it.
     */
    REUSED,
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
    KEY_NOT_HELD;

    /** The reason of a name, as a store kept it; {@link #REFUSED} for one not known here. */
    public static Reason named(String name) {
      return Stream.of(values())
          .filter(each -> each.name().equals(name))
          .findFirst()
          .orElse(REFUSED);
    }
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
