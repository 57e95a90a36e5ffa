package dev.everbearer.testing.server;

/** New tokens for a refresh token (RFC 6749 section 6). */
final class RefreshTokenGrant implements GrantType {

  private final TokenVault vault;
  private final TokenIssuer issuer;

  RefreshTokenGrant(TokenVault vault, TokenIssuer issuer) {
    this.vault = vault;
    this.issuer = issuer;
  }

  @Override
  public Answer answer(TokenRequest request) {
    String refreshToken = request.form().required("refresh_token");
    return issuer.answerRefreshed(request.client(), vault.refresh(refreshToken, request));
  }
}
