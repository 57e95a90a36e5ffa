package dev.everbearer.testing.server;

/** Everything that came from one login. Guarded by the {@link TokenVault} it belongs to. */
final class TokenFamily {

  private final Grant grant;
  private boolean refreshRevoked;
  private boolean revoked;

  TokenFamily(Grant grant) {
    this.grant = grant;
  }

  Grant grant() {
    return grant;
  }

  boolean isRevoked() {
    return revoked;
  }

  boolean isRefreshable() {
    return !refreshRevoked && !revoked;
  }

  void revokeRefresh() {
    refreshRevoked = true;
  }

  void revoke() {
    revoked = true;
  }
}
