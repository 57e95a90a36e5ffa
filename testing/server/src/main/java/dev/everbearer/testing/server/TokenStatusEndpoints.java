package dev.everbearer.testing.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The healthy revocation (RFC 7009) and introspection (RFC 7662) endpoints. */
final class TokenStatusEndpoints {

  private final ClientAuthenticator clients;
  private final TokenVault vault;

  TokenStatusEndpoints(ClientAuthenticator clients, TokenVault vault) {
    this.clients = clients;
    this.vault = vault;
  }

  Answer revoke(RecordedRequest request, OAuthForm form) {
    String clientId = clients.authenticate(request, form).id();
    String token = form.required("token");
    if (!vault.clientOf(token).orElse(clientId).equals(clientId)) {
      throw OAuthError.of("invalid_grant", "The token was issued to another client");
    }
    vault.revokeAccessToken(token);
    vault.revokeFamily(token);
    return Answers.uncached(Answer.status(200));
  }

  Answer introspect(RecordedRequest request, OAuthForm form) {
    clients.authenticate(request, form);
    String token = form.required("token");
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("active", false);
    vault.activeAccessToken(token).ifPresent(access -> describe(document, access));
    vault.activeRefreshToken(token).ifPresent(grant -> describe(document, grant));
    return Answers.uncached(Answer.json(200, Json.write(document)));
  }

  private static void describe(Map<String, Object> document, AccessToken token) {
    describe(document, token.grant());
    document.put("token_type", token.confirmation().tokenType());
    document.put("iat", token.issuedAt().getEpochSecond());
    document.put("exp", token.expiresAt().getEpochSecond());
    if (token.confirmation().isBinding()) {
      document.put("cnf", token.confirmation().claim());
    }
  }

  private static void describe(Map<String, Object> document, Grant grant) {
    document.put("active", true);
    document.put("client_id", grant.clientId());
    if (!grant.scope().isEmpty()) {
      document.put("scope", String.join(" ", grant.scope()));
    }
    List<String> audience = grant.audience();
    Optional.of(audience).filter(a -> !a.isEmpty()).ifPresent(a -> document.put("aud", a));
  }
}
