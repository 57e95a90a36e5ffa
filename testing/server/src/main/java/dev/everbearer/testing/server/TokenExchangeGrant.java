package dev.everbearer.testing.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Token exchange (RFC 8693 section 2). */
final class TokenExchangeGrant implements GrantType {

  static final String NAME = "urn:ietf:params:oauth:grant-type:token-exchange";

  private static final Duration LIFETIME = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final ExchangedTokens tokens;
  private final GrantRules grants;
  private final TokenIssuer issuer;
  private final ServerKeys keys;

  TokenExchangeGrant(
      InstantSource clock,
      ExchangedTokens tokens,
      GrantRules grants,
      TokenIssuer issuer,
      ServerKeys keys) {
    this.clock = clock;
    this.tokens = tokens;
    this.grants = grants;
    this.issuer = issuer;
    this.keys = keys;
  }

  @Override
  public Answer answer(TokenRequest request) {
    OAuthForm form = request.form();
    // 1. Whose rights are asked for.
    Login login =
        tokens.loginOf(form.required("subject_token"), form.required("subject_token_type"));
    // 2. Who acts; the type is there exactly when the token is.
    if (form.has("actor_token")) {
      tokens.loginOf(form.required("actor_token"), form.required("actor_token_type"));
    } else if (form.has("actor_token_type")) {
      throw OAuthError.invalidRequest("An actor_token_type without an actor_token");
    }
    // 3. What for.
    Grant grant = grants.grant(request.client().id(), form, login);
    String type = form.first("requested_token_type").orElse(TokenTypes.ACCESS_TOKEN);
    TokenTypes.requireKnown(type);
    return type.equals(TokenTypes.ACCESS_TOKEN)
        ? issuer.issueExchanged(request, grant)
        : TokenIssuer.answer(otherToken(type, grant, login));
  }

  /** A token that is no access token: its type on the wire is {@code N_A}. */
  private Map<String, Object> otherToken(String type, Grant grant, Login login) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("access_token", value(type, grant, login));
    document.put("issued_token_type", type);
    document.put("token_type", "N_A");
    document.put("expires_in", LIFETIME.toSeconds());
    return document;
  }

  private String value(String type, Grant grant, Login login) {
    if (type.equals(TokenTypes.REFRESH_TOKEN)) {
      return issuer.refreshToken(grant);
    }
    if (type.equals(TokenTypes.SAML1) || type.equals(TokenTypes.SAML2)) {
      String xml = "<Assertion><Subject>" + Html.escape(login.subject()) + "</Subject></Assertion>";
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(xml.getBytes(StandardCharsets.UTF_8));
    }
    return keys.jwt("RS256")
        .header("typ", type.equals(TokenTypes.ID_JAG) ? "oauth-id-jag+jwt" : "JWT")
        .claim("sub", login.subject())
        .claim("aud", grant.audience().isEmpty() ? grant.clientId() : grant.audience().get(0))
        .claim("client_id", grant.clientId())
        .claim("exp", clock.instant().plus(LIFETIME).getEpochSecond())
        .compact();
  }
}
