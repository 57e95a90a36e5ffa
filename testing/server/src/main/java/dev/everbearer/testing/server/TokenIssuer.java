package dev.everbearer.testing.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Issues tokens and writes the successful answers of the token endpoint (RFC 6749 section 5.1). */
final class TokenIssuer {

  private final TokenVault vault;
  private final IdTokens idTokens;
  private volatile RefreshTokensFor refreshTokens = RefreshTokensFor.EVERY_LOGIN;

  TokenIssuer(TokenVault vault, IdTokens idTokens) {
    this.vault = vault;
    this.idTokens = idTokens;
  }

  void refreshTokensFor(RefreshTokensFor which) {
    refreshTokens = which;
  }

  /** An access token alone. */
  Answer issue(TokenRequest request, Grant grant) {
    return answer(document(vault.issueAccessToken(grant, request.confirmation(), null), null));
  }

  /** An access token and a refresh token. */
  Answer issueRefreshable(TokenRequest request, Grant grant) {
    TokenFamily family = new TokenFamily(grant);
    AccessToken access = vault.issueAccessToken(grant, request.confirmation(), family);
    return answer(document(access, vault.issueRefreshToken(family)));
  }

  /**
   * What a login leads to: an access token, and what scope and client metadata allow for.
   *
   * @param family what comes from this login
   * @param grant what is granted now, or a part of it
   */
  Answer issueForLogin(
      TokenRequest request, TokenFamily family, Grant grant, @Nullable String nonce) {
    RegisteredClient client = request.client();
    AccessToken access = vault.issueAccessToken(grant, request.confirmation(), family);
    RefreshToken refresh =
        isRefreshable(client, family.grant()) ? vault.issueRefreshToken(family) : null;
    return answer(withIdToken(document(access, refresh), client, access, nonce));
  }

  /** An access token that came from another token. */
  Answer issueExchanged(TokenRequest request, Grant grant) {
    Map<String, Object> document =
        document(vault.issueAccessToken(grant, request.confirmation(), null), null);
    document.put("issued_token_type", TokenTypes.ACCESS_TOKEN);
    return answer(document);
  }

  /** A refresh token alone. */
  String refreshToken(Grant grant) {
    return vault.issueRefreshToken(new TokenFamily(grant)).value();
  }

  /** What a refresh leads to. */
  Answer answerRefreshed(RegisteredClient client, TokenVault.Refreshed refreshed) {
    AccessToken access = refreshed.accessToken();
    return answer(withIdToken(document(access, refreshed.refreshToken()), client, access, null));
  }

  private boolean isRefreshable(RegisteredClient client, Grant grant) {
    if (!client.mayUse("refresh_token")) {
      return false;
    }
    return switch (refreshTokens) {
      case EVERY_LOGIN -> true;
      case OFFLINE_ACCESS -> grant.scope().contains("offline_access");
      case NO_LOGIN -> false;
    };
  }

  private Map<String, Object> withIdToken(
      Map<String, Object> document,
      RegisteredClient client,
      AccessToken access,
      @Nullable String nonce) {
    Login login = access.grant().login();
    if (login != null && access.grant().scope().contains("openid")) {
      document.put("id_token", idTokens.make(client, login, access.value(), nonce));
    }
    return document;
  }

  private static Map<String, Object> document(AccessToken access, @Nullable RefreshToken refresh) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("access_token", access.value());
    document.put("token_type", access.confirmation().tokenType());
    document.put("expires_in", Duration.between(access.issuedAt(), access.expiresAt()).toSeconds());
    if (refresh != null) {
      document.put("refresh_token", refresh.value());
    }
    if (!access.grant().scope().isEmpty()) {
      document.put("scope", String.join(" ", access.grant().scope()));
    }
    if (!access.grant().details().isEmpty()) {
      document.put("authorization_details", access.grant().details());
    }
    return document;
  }

  static Answer answer(Map<String, Object> document) {
    return Answers.uncached(Answer.json(200, Json.write(document)));
  }
}
