package dev.everbearer.testing.server;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Tokens for a SAML assertion (RFC 7522 section 2.1); nobody reads it here. */
final class Saml2BearerGrant implements GrantType {

  static final String NAME = "urn:ietf:params:oauth:grant-type:saml2-bearer";

  private final AssertionGrantRules rules;
  private final GrantRules grants;
  private final TokenIssuer issuer;

  Saml2BearerGrant(AssertionGrantRules rules, GrantRules grants, TokenIssuer issuer) {
    this.rules = rules;
    this.grants = grants;
    this.issuer = issuer;
  }

  @Override
  public Answer answer(TokenRequest request) {
    String assertion = request.form().required("assertion");
    if (!assertion.matches("[A-Za-z0-9_-]+")) {
      throw OAuthError.of(
          "invalid_grant", "The assertion must be base64url without padding and line breaks");
    }
    String xml = decoded(assertion);
    if (!xml.startsWith("<")) {
      throw OAuthError.of("invalid_grant", "The assertion is no XML");
    }
    Grant grant = grants.grant(request.client().id(), request.form(), null);
    rules.accept(xml);
    return issuer.issue(request, grant);
  }

  private static String decoded(String base64url) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64url), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw OAuthError.of("invalid_grant", "The assertion is no base64url");
    }
  }
}
