package dev.everbearer.login.internal;

import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.protocol.TokenEndpoint;

/** Checks the ID token of a login before any of its tokens is handed out. Thread-safe. */
@FunctionalInterface
public interface IdTokenCheck {

  /** Leaves every ID token unchecked. */
  IdTokenCheck NONE = (answer, grant, nonce) -> {};

  /**
   * Checks an answer whose grant asked for {@code openid}.
   *
   * @param nonce what the authorization request sent
   * @throws dev.everbearer.token.OAuthException when the ID token is not good
   * @throws InterruptedException when interrupted
   */
  void check(TokenEndpoint.Answer answer, AuthorizationCodeGrant grant, String nonce)
      throws InterruptedException;
}
