package dev.everbearer.testing.server;

/** Tokens for a code (RFC 6749 section 4.1.3). */
final class AuthorizationCodeGrant implements GrantType {

  private final AuthorizationCodes codes;
  private final AuthorizationScript script;
  private final GrantRules grants;
  private final TokenIssuer issuer;

  AuthorizationCodeGrant(
      AuthorizationCodes codes, AuthorizationScript script, GrantRules grants, TokenIssuer issuer) {
    this.codes = codes;
    this.script = script;
    this.grants = grants;
    this.issuer = issuer;
  }

  @Override
  public Answer answer(TokenRequest request) {
    OAuthForm form = request.form();
    // 1. The code was issued to this client and is used for the first time, in time.
    AuthorizationCodes.Redeemed code = codes.redeem(form.required("code"), request);
    OAuthForm asked = code.request().parameters();
    // 2. The redirect URI is that of the authorization request.
    if (script.isRedirectUriCompared()
        && !form.required("redirect_uri").equals(code.request().redirectUri())) {
      throw OAuthError.of("invalid_grant", "The redirect_uri is not that of the request before");
    }
    // 3. The code verifier, and the DPoP key that the code is bound to (RFC 9449 section 10).
    Pkce.checkVerifier(asked, form);
    String jkt = asked.first("dpop_jkt").orElse(null);
    if (jkt != null && !jkt.equals(request.confirmation().jkt())) {
      throw OAuthError.of("invalid_grant", "The DPoP key is not that of dpop_jkt");
    }
    // 4. The grant, or the part of it that is asked for now.
    if (form.has("scope")) {
      throw OAuthError.invalidRequest("The scope was settled by the authorization request");
    }
    Grant grant = grants.part(code.family().grant(), form);
    return issuer.issueForLogin(request, code.family(), grant, asked.first("nonce").orElse(null));
  }
}
