package dev.everbearer.testing.server;

/** Tokens for a login on another device: RFC 8628 section 3.4, CIBA section 10.1. */
final class PendingLoginGrant implements GrantType {

  static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
  static final String CIBA = "urn:openid:params:grant-type:ciba";

  private final String parameter;
  private final PendingLogins logins;
  private final GrantRules grants;
  private final TokenIssuer issuer;

  /**
   * A grant type.
   *
   * @param parameter the parameter that names the login
   */
  PendingLoginGrant(String parameter, PendingLogins logins, GrantRules grants, TokenIssuer issuer) {
    this.parameter = parameter;
    this.logins = logins;
    this.grants = grants;
    this.issuer = issuer;
  }

  @Override
  public Answer answer(TokenRequest request) {
    RegisteredClient client = request.client();
    PendingLogins.Decided decided = logins.poll(request.form().required(parameter), client);
    Grant grant = grants.grant(client.id(), decided.pending().parameters(), decided.login());
    TokenFamily family = new TokenFamily(grant, request.refreshConfirmation());
    return issuer.issueForLogin(request, family, grants.part(grant, request.form()), null);
  }
}
