package dev.everbearer.testing.server;

import java.time.InstantSource;
import java.util.Optional;

/** Finds out whom a token that is to be exchanged stands for. */
final class ExchangedTokens {

  private final InstantSource clock;
  private final TokenVault vault;
  private final ServerKeys keys;
  private final TokenExchangeScript script;

  ExchangedTokens(
      InstantSource clock, TokenVault vault, ServerKeys keys, TokenExchangeScript script) {
    this.clock = clock;
    this.vault = vault;
    this.keys = keys;
    this.script = script;
  }

  /**
   * Whom a token stands for.
   *
   * @throws OAuthError {@code invalid_request}, as RFC 8693 section 2.2.2 wants it
   */
  Login loginOf(String token, String type) {
    TokenTypes.requireKnown(type);
    return script
        .subjectOf(token, type)
        .map(subject -> new Login(subject, clock.instant(), null))
        .or(() -> issuedHere(token, type))
        .orElseThrow(() -> OAuthError.invalidRequest("The token is not good, as " + type));
  }

  private Optional<Login> issuedHere(String token, String type) {
    return switch (type) {
      case TokenTypes.ACCESS_TOKEN -> vault.activeAccessToken(token).map(t -> login(t.grant()));
      case TokenTypes.REFRESH_TOKEN -> vault.activeRefreshToken(token).map(this::login);
      case TokenTypes.ID_TOKEN, TokenTypes.JWT -> signedHere(token);
      default -> Optional.empty();
    };
  }

  private Login login(Grant grant) {
    Login login = grant.login();
    return login != null ? login : new Login(grant.clientId(), clock.instant(), null);
  }

  private Optional<Login> signedHere(String token) {
    try {
      ReceivedJwt jwt = ReceivedJwt.parse(token);
      jwt.requireSignatureBy(keys.published());
      if (!clock.instant().isBefore(jwt.instant("exp"))) {
        return Optional.empty();
      }
      return Optional.of(new Login(jwt.requiredText("sub"), clock.instant(), null));
    } catch (BadJwt e) {
      return Optional.empty();
    }
  }
}
