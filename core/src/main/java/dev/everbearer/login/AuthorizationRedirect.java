package dev.everbearer.login;

import java.net.URI;
import java.util.Objects;

/**
 * Where to send the browser, and what to remember until it comes back. Immutable and thread-safe;
 * prints no secret.
 */
public final class AuthorizationRedirect {

  private final URI url;
  private final String state;
  private final String pending;

  /** A redirect with what belongs to it. */
  public AuthorizationRedirect(URI url, String state, String pending) {
    this.url = Objects.requireNonNull(url, "url");
    this.state = Objects.requireNonNull(state, "state");
    this.pending = Objects.requireNonNull(pending, "pending");
  }

  /** Where to send the browser. Good for one login. */
  public URI url() {
    return url;
  }

  /** The {@code state} that the answer will carry: tells logins of one session apart. */
  public String state() {
    return state;
  }

  /**
   * What {@link AuthorizationCodeFlow#finish} needs, as opaque text of less than 2000 characters.
   * It holds the PKCE verifier: keep it on the server, bound to the session of this browser, and
   * never in a page or an unencrypted cookie.
   */
  public String pending() {
    return pending;
  }

  /** Names nothing that belongs to one login. */
  @Override
  public String toString() {
    return "AuthorizationRedirect to " + url.getHost();
  }
}
