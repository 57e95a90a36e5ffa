package dev.everbearer.testing.server;

/** Everything that came from one login. Guarded by the {@link TokenVault} it belongs to. */
final class TokenFamily {

  private final Grant grant;
  private final Confirmation confirmation;
  private boolean refreshRevoked;
  private boolean revoked;

  TokenFamily(Grant grant) {
    this(grant, Confirmation.NONE);
  }

  /**
   * A family whose refresh tokens are bound to a key.
   *
   * @param confirmation the key; those of clients that authenticate are not bound
   */
  TokenFamily(Grant grant, Confirmation confirmation) {
    this.grant = grant;
    this.confirmation = confirmation;
  }

  Confirmation confirmation() {
    return confirmation;
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
