package dev.everbearer.testing.server;

import java.util.LinkedHashMap;
import java.util.Map;

/** The healthy revocation (RFC 7009) and introspection (RFC 7662, RFC 9701) endpoints. */
final class TokenStatusEndpoints {

  private static final String JWT = "application/token-introspection+jwt";

  private final ClientAuthenticator clients;
  private final TokenVault vault;
  private final ResponseJwts jwts;

  TokenStatusEndpoints(ClientAuthenticator clients, TokenVault vault, ResponseJwts jwts) {
    this.clients = clients;
    this.vault = vault;
    this.jwts = jwts;
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
    RegisteredClient client = clients.authenticate(request, form);
    String token = form.required("token");
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("active", false);
    vault.activeAccessToken(token).ifPresent(access -> describe(document, access));
    vault.activeRefreshToken(token).ifPresent(grant -> describe(document, grant));
    return Answers.uncached(
        request.headers("Accept").contains(JWT)
            ? Answer.text(200, JWT, jwt(client, document))
            : Answer.json(200, Json.write(document)));
  }

  /** RFC 9701 section 5. */
  private String jwt(RegisteredClient client, Map<String, Object> document) {
    return jwts.compact(JwtKind.INTROSPECTION, client, Map.of("token_introspection", document));
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
    if (!grant.audience().isEmpty()) {
      document.put("aud", grant.audience());
    }
    if (!grant.details().isEmpty()) {
      document.put("authorization_details", grant.details());
    }
    Login login = grant.login();
    if (login != null) {
      describe(document, login);
    }
  }

  private static void describe(Map<String, Object> document, Login login) {
    document.put("sub", login.subject());
    document.put("auth_time", login.authTime().getEpochSecond());
    if (login.acr() != null) {
      document.put("acr", login.acr());
    }
  }
}
