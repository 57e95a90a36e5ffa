package dev.everbearer.login.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.token.IdToken;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Checks the ID token of a login before any of its tokens is handed out. Thread-safe. */
@FunctionalInterface
public interface IdTokenCheck {

  /**
   * Checks an answer whose grant asked for {@code openid}.
   *
   * @param nonce what the authorization request sent; null when there was none
   * @param requestedAt when it was sent
   * @return null when nothing is there to check with
   * @throws dev.everbearer.token.OAuthException when the ID token is missing or not good
   * @throws InterruptedException when interrupted
   */
  @Nullable IdToken check(
      TokenEndpoint.Answer answer, Grant grant, @Nullable String nonce, Instant requestedAt)
      throws InterruptedException;
}
