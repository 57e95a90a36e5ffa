package dev.everbearer.testing.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The healthy token endpoint: client credentials and refresh tokens. */
final class TokenEndpoint {

  private final ClientAuthenticator clients;
  private final TokenVault vault;
  private volatile boolean refreshableClientCredentials;

  TokenEndpoint(ClientAuthenticator clients, TokenVault vault) {
    this.clients = clients;
    this.vault = vault;
  }

  void refreshTokensForClientCredentials(boolean wanted) {
    refreshableClientCredentials = wanted;
  }

  Answer answer(RecordedRequest request, OAuthForm form) {
    RegisteredClient client = clients.authenticate(request, form);
    String grantType = form.required("grant_type");
    return switch (grantType) {
      case "client_credentials" -> clientCredentials(client, form);
      case "refresh_token" -> refresh(client, form);
      default -> throw OAuthError.of("unsupported_grant_type", "Unknown grant type: " + grantType);
    };
  }

  private Answer clientCredentials(RegisteredClient client, OAuthForm form) {
    if (client.isPublic()) {
      throw OAuthError.of("unauthorized_client", "A client without a secret cannot do this");
    }
    Grant grant = new Grant(client.id(), form.scope(), form.audience());
    if (!refreshableClientCredentials) {
      return tokens(vault.issueAccessToken(grant, null), null);
    }
    TokenFamily family = new TokenFamily(grant);
    return tokens(vault.issueAccessToken(grant, family), vault.issueRefreshToken(family));
  }

  private Answer refresh(RegisteredClient client, OAuthForm form) {
    String refreshToken = form.required("refresh_token");
    TokenVault.Refreshed refreshed =
        vault.refresh(refreshToken, client.id(), form.scope(), form.audience());
    return tokens(refreshed.accessToken(), refreshed.refreshToken());
  }

  private static Answer tokens(AccessToken access, @Nullable RefreshToken refresh) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("access_token", access.value());
    document.put("token_type", "Bearer");
    document.put("expires_in", Duration.between(access.issuedAt(), access.expiresAt()).toSeconds());
    if (refresh != null) {
      document.put("refresh_token", refresh.value());
    }
    if (!access.grant().scope().isEmpty()) {
      document.put("scope", String.join(" ", access.grant().scope()));
    }
    return Answers.uncached(Answer.json(200, Json.write(document)));
  }
}
