package dev.everbearer.testing.server;

/** Tokens for a client that acts for itself (RFC 6749 section 4.4). */
final class ClientCredentialsGrant implements GrantType {

  private final GrantRules grants;
  private final TokenIssuer issuer;
  private volatile boolean refreshable;

  ClientCredentialsGrant(GrantRules grants, TokenIssuer issuer) {
    this.grants = grants;
    this.issuer = issuer;
  }

  void refreshTokens(boolean wanted) {
    refreshable = wanted;
  }

  @Override
  public Answer answer(TokenRequest request) {
    if (request.client().isPublic()) {
      throw OAuthError.of("unauthorized_client", "A client without a secret cannot do this");
    }
    Grant grant = grants.grant(request.client().id(), request.form(), null);
    return refreshable ? issuer.issueRefreshable(request, grant) : issuer.issue(request, grant);
  }
}
