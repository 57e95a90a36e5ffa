package dev.everbearer;

import dev.everbearer.client.JwtRegistration;
import dev.everbearer.protocol.RegisteredJwts;
import dev.everbearer.protocol.UserInfoEndpoint;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.UserInfo;

/**
 * Asks the authorization server about the person who logged in (OpenID Connect Core section 5.3).
 * Immutable and thread-safe.
 */
public final class UserInfoReader {

  private final Setup setup;
  private final Sources sources;
  private final JwtRegistration registration;

  UserInfoReader(Setup setup, Sources sources, JwtRegistration registration) {
    this.setup = setup;
    this.sources = sources;
    this.registration = registration;
  }

  /**
   * A reader for a client that has registered a {@code userinfo_signed_response_alg}, or
   * encryption: other answers are refused. By default answers need not be signed; one that is, is
   * verified.
   *
   * @throws IllegalArgumentException if an HMAC is registered and the client has no secret
   */
  public UserInfoReader registered(JwtRegistration registered) {
    UserInfoReader reader = new UserInfoReader(setup, sources, registered);
    reader.jwts();
    return reader;
  }

  private RegisteredJwts jwts() {
    return new RegisteredJwts(
        setup.authentication().clientId(),
        registration,
        setup.keys(),
        setup.authentication().clientSecret().orElse(null));
  }

  /**
   * Who logged in with these tokens.
   *
   * @throws IllegalArgumentException if they came without an ID token: ask for the scope {@code
   *     openid}
   * @throws dev.everbearer.token.OAuthException as {@link #of(AccessToken, IdToken)}
   */
  public UserInfo of(TokenSet tokens) {
    IdToken idToken =
        tokens
            .validatedIdToken()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "The tokens came without an ID token, so it is not known whom to expect."
                            + " Ask for the scope openid at the login."));
    return of(tokens.accessToken(), idToken);
  }

  /**
   * Who logged in. A busy server is asked again for as long as the client's {@code maxWait}.
   *
   * @param idToken of the same login: the answer must be of the same person
   * @throws dev.everbearer.token.OAuthException when there is no answer that can be trusted; an
   *     interrupt keeps its flag
   */
  public UserInfo of(AccessToken token, IdToken idToken) {
    UserInfoEndpoint endpoint = new UserInfoEndpoint(setup.bearerCaller(), jwts(), setup.wall());
    return Blocking.get(
        "Asking for UserInfo",
        () ->
            sources
                .calls()
                .make(left -> endpoint.ask(token, idToken.subject(), left), sources.patience()));
  }
}
