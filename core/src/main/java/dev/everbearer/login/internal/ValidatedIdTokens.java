package dev.everbearer.login.internal;

import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.IdTokenExpectation;
import dev.everbearer.protocol.IdTokenValidator;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Validates the ID token of a login (OpenID Connect Core section 3.1.3.7). A server that publishes
 * no keys is no OpenID provider, whatever scope was asked for, and what it answers stays unchecked.
 */
public final class ValidatedIdTokens implements IdTokenCheck {

  private static final String MAX_AGE = "max_age";

  private final IdTokenValidator validator;

  /** Checks by a validator. */
  public ValidatedIdTokens(IdTokenValidator validator) {
    this.validator = validator;
  }

  @Override
  public @Nullable IdToken check(
      TokenEndpoint.Answer answer, Grant grant, @Nullable String nonce, Instant requestedAt)
      throws InterruptedException {
    AuthorizationServer server = answer.server();
    if (!IdTokenValidator.hasKeys(server)) {
      return null;
    }
    Secret token = answer.tokens().idToken().orElseThrow(() -> missing(server));
    IdTokenExpectation expected =
        IdTokenExpectation.ofLogin(nonce).accessToken(answer.tokens().accessToken());
    String maxAge =
        grant instanceof AuthorizationCodeGrant code
            ? code.authorizationParameters().get(MAX_AGE)
            : null;
    return validator.validate(
        token,
        maxAge == null
            ? expected
            : expected.maxAge(Duration.ofSeconds(Long.parseLong(maxAge)), requestedAt));
  }

  private static OAuthException missing(AuthorizationServer server) {
    return Failure.builder(
            FailureKind.MALFORMED,
            "The server %s answered a login for the scope openid without an ID token, so who logged"
                    .formatted(server)
                + " in is not known. Leave openid out if nobody needs to know, or ask its operator.")
        .endpoint(server.tokenEndpoint())
        .status(200)
        .build()
        .toException();
  }
}
