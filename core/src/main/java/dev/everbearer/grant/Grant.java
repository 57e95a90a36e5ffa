package dev.everbearer.grant;

import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;

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
    return new RefreshTokenGrant(Request.EMPTY, Secret.of(refreshToken), Scope.none());
  }

  /** The {@code grant_type} of RFC 6749. */
  public abstract String grantType();

  /** What to ask for. */
  public abstract Request request();

  /** What is asked for: never null, empty when the parameter is left out. */
  public final Scope scope() {
    return request().scope();
  }

  /** Names the grant for people: its type and scope, no secret. */
  @Override
  public final String toString() {
    return grantType() + (scope().isEmpty() ? "" : " [" + scope() + "]");
  }
}
