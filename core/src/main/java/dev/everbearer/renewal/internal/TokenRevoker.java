package dev.everbearer.renewal.internal;

import dev.everbearer.protocol.RevocationEndpoint;
import dev.everbearer.token.Failure;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.time.Duration;

/** Revokes single tokens, again and again while the server is busy (RFC 7009 section 2.2.1). */
public final class TokenRevoker {

  private final RevocationEndpoint endpoint;
  private final ServerCalls calls;

  /** By one server's endpoint. */
  public TokenRevoker(RevocationEndpoint endpoint, ServerCalls calls) {
    this.endpoint = endpoint;
    this.calls = calls;
  }

  /**
   * Revokes a token.
   *
   * @param typeHint the {@code token_type_hint}; empty leaves it out
   * @throws OAuthException when it may still live
   * @throws InterruptedException when interrupted
   */
  public void revoke(Secret token, String typeHint, Duration maxWait) throws InterruptedException {
    calls.make(
        left -> {
          endpoint.revoke(token, typeHint, left);
          return token;
        },
        maxWait);
  }

  /** Whether the server does not revoke tokens of this kind at all. */
  public static boolean isNotRevocable(OAuthException e) {
    return e instanceof OAuthErrorException error && error.error().equals("unsupported_token_type");
  }

  /** The same failure, with what it means for the token. */
  public static OAuthException explained(OAuthException e, String meaning) {
    Failure failure = e.failure().orElse(null);
    if (failure == null) {
      return e;
    }
    Failure.Builder explained =
        Failure.builder(failure.kind(), failure.message() + " " + meaning)
            .status(failure.status())
            .retryAfter(failure.retryAfter().orElse(null))
            .cause(failure.cause().orElse(null));
    failure.endpoint().ifPresent(explained::endpoint);
    failure
        .error()
        .ifPresent(
            code ->
                explained.error(
                    code,
                    failure.errorDescription().orElse(null),
                    failure.errorUri().orElse(null)));
    return explained.build().toException();
  }
}
