package dev.everbearer.grant;

import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import java.util.Optional;
import java.util.Set;

/**
 * What entitles a client to tokens, with the scope, resources and extras to ask for. Pure data:
 * immutable, thread-safe, equal by value, so that equal grants share one token source.
 */
public abstract sealed class Grant permits ScopedGrant {

  Grant() {}

  /** The client's own rights (RFC 6749 section 4.4). */
  public static ClientCredentialsGrant clientCredentials() {
    return new ClientCredentialsGrant(Request.EMPTY, false);
  }

  /**
   * A refresh token obtained elsewhere (RFC 6749 section 6). The server may rotate it: on the
   * memory store {@code onRotated} hands over each new one, and the caller must keep it.
   *
   * @throws IllegalArgumentException if the token is empty or holds control characters
   */
  public static RefreshTokenGrant refreshToken(String refreshToken) {
    return new RefreshTokenGrant(
        Request.EMPTY, Secret.of(refreshToken), Scope.none(), Set.of(), null);
  }

  /**
   * What a user of your service granted in a login that {@code OAuthClient.connect} was told of;
   * the refresh token is in the client's store.
   *
   * @param subject who: the name that {@code connect} was given. It stands in clear text in the
   *     store's lists and in the log, so take an id rather than an address
   * @throws IllegalArgumentException if it is empty or holds control characters
   */
  public static ConnectedGrant connected(String subject) {
    return new ConnectedGrant(Request.EMPTY, subject);
  }

  /**
   * What a person grants in a browser (RFC 6749 section 4.1), with PKCE. {@code
   * OAuthClientBuilder.login} says how the person is asked.
   */
  public static AuthorizationCodeGrant authorizationCode() {
    return new AuthorizationCodeGrant(Request.EMPTY, "");
  }

  /** What a person grants on another device (RFC 8628), for programs without a browser. */
  public static DeviceGrant device() {
    return new DeviceGrant(Request.EMPTY, "");
  }

  /**
   * What a person grants when the server asks them on a device of theirs (OpenID Connect CIBA Core
   * 1.0), for clients that prove who they are. Its scope is {@code openid} until another one is
   * said, which holds it too.
   */
  public static CibaGrant ciba(CibaHint hint) {
    return CibaGrant.of(hint);
  }

  /** A JWT of somebody whom the server trusts (RFC 7523 section 2.1). */
  public static AssertionGrant jwtBearer(AssertionSource assertions) {
    return new AssertionGrant(
        Request.EMPTY, "urn:ietf:params:oauth:grant-type:jwt-bearer", assertions);
  }

  /**
   * A SAML 2.0 assertion of somebody whom the server trusts (RFC 7522 section 2.1).
   *
   * @param assertions give the XML; it is encoded here and looked at by nobody
   */
  public static AssertionGrant samlBearer(AssertionSource assertions) {
    return new AssertionGrant(
        Request.EMPTY, "urn:ietf:params:oauth:grant-type:saml2-bearer", assertions);
  }

  /**
   * One token for another (RFC 8693).
   *
   * @param subjectToken gives the token of whoever tokens are wanted for
   * @param subjectTokenType what kind of token that is, such as {@link TokenType#ACCESS_TOKEN}
   * @throws IllegalArgumentException if the type is empty
   */
  public static TokenExchangeGrant tokenExchange(
      AssertionSource subjectToken, String subjectTokenType) {
    return TokenExchangeGrant.of(subjectToken, subjectTokenType);
  }

  /**
   * A grant type that this library does not know.
   *
   * @throws IllegalArgumentException if it is no name or URI, is built in, or is {@code password}
   *     or {@code implicit}, which nobody should use any more (RFC 9700 section 2)
   */
  public static CustomGrant custom(String grantType) {
    return CustomGrant.of(grantType);
  }

  /** The {@code grant_type} of RFC 6749. */
  public abstract String grantType();

  /**
   * Whose grant it is, as stores name it: a name or a digest, never a token; empty when it is the
   * client's own.
   */
  public String subject() {
    return "";
  }

  /** The refresh token that it starts with; empty for all but refresh-token grants. */
  public Optional<Secret> initialRefreshToken() {
    return Optional.empty();
  }

  /** What to ask for. */
  public abstract Request request();

  /** What is asked for: never null, empty when the parameter is left out. */
  public final Scope scope() {
    return request().scope();
  }

  /** Names the grant for people: its type and scope, and a connected user; no secret. */
  @Override
  public final String toString() {
    return grantType() + whose() + (scope().isEmpty() ? "" : " [" + scope() + "]");
  }

  /** Whose it is, for people; empty unless many are told apart by it. */
  String whose() {
    return "";
  }
}
