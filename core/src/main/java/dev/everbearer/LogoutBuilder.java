package dev.everbearer;

import dev.everbearer.grant.Grant;
import dev.everbearer.login.Logout;
import dev.everbearer.login.internal.EndSession;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSet;
import dev.everbearer.wire.Urls;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Logs a person out: first here, then at the server (OpenID Connect RP-Initiated Logout 1.0). Not
 * thread-safe.
 */
public final class LogoutBuilder {

  private final OAuthClient client;
  private final Setup setup;
  private final List<Runnable> toGiveBack = new ArrayList<>();
  private @Nullable Secret idToken;
  private @Nullable String returnTo;

  LogoutBuilder(OAuthClient client, Setup setup) {
    this.client = client;
    this.setup = setup;
  }

  /** Gives a grant back, as {@link OAuthClient#revoke(Grant)} does. None by default. */
  public LogoutBuilder grant(Grant grant) {
    Objects.requireNonNull(grant, "grant");
    toGiveBack.add(() -> client.revoke(grant));
    return this;
  }

  /**
   * Revokes the tokens of a login that the caller keeps, and shows its ID token to the server. What
   * the caller has of them must be dropped before. None by default.
   */
  public LogoutBuilder tokens(TokenSet tokens) {
    Objects.requireNonNull(tokens, "tokens");
    toGiveBack.add(() -> client.revoke(tokens));
    tokens.validatedIdToken().ifPresent(this::idToken);
    return this;
  }

  /**
   * Tells the server by this ID token, which may be over, whose session it is ({@code
   * id_token_hint}).
   */
  public LogoutBuilder idToken(IdToken token) {
    this.idToken = token.compact();
    return this;
  }

  /**
   * Where the browser comes back to ({@code post_logout_redirect_uri}), as it is registered at the
   * server. By default it stays there.
   *
   * @throws IllegalArgumentException unless it is an absolute URL
   */
  public LogoutBuilder returnTo(String url) {
    URI uri = Urls.parse("return URL", url);
    if (!uri.isAbsolute()) {
      throw new IllegalArgumentException("The return URL is not absolute: " + Urls.shown(url));
    }
    this.returnTo = url;
    return this;
  }

  /**
   * Logs out. When this returns the grants are out of use here, whatever the server said: {@link
   * Logout#failure} tells what could not be revoked, and a later {@link OAuthClient#revoke(Grant)}
   * tries it again.
   *
   * @throws OAuthException when the server cannot be found; the grants are out of use all the same
   */
  public Logout start() {
    OAuthException failure = null;
    for (Runnable each : toGiveBack) {
      try {
        each.run();
      } catch (OAuthException e) {
        failure = e;
      }
    }
    OAuthException first = failure;
    return Blocking.get(
        "Logging out",
        () ->
            EndSession.at(
                setup.tokenEndpoint().server(),
                new EndSession.Request(setup.authentication().clientId(), idToken, returnTo),
                first));
  }

  @Override
  public String toString() {
    return "LogoutBuilder at " + setup.serverName();
  }
}
