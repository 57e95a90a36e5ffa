package dev.everbearer.testing.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Issues codes; each is redeemed once (RFC 6749 section 4.1.2). Thread-safe. */
final class AuthorizationCodes {

  private final InstantSource clock;
  private final TokenVault vault;
  private final Map<String, AuthorizationCode> codes = new HashMap<>();
  private int reused;

  AuthorizationCodes(InstantSource clock, TokenVault vault) {
    this.clock = clock;
    this.vault = vault;
  }

  synchronized String issue(AuthorizationRequest request, Grant grant, Duration lifetime) {
    String value = RandomValues.next("code-");
    codes.put(value, new AuthorizationCode(request, grant, clock.instant().plus(lifetime)));
    return value;
  }

  /** What a code leads to when it is used. */
  record Redeemed(AuthorizationRequest request, TokenFamily family) {}

  /**
   * Uses a code up. One that was used before takes all tokens with it that came from it.
   *
   * @throws OAuthError if the code is no good, or no longer
   */
  synchronized Redeemed redeem(String value, TokenRequest request) {
    RegisteredClient client = request.client();
    AuthorizationCode code = codes.get(value);
    if (code == null || !code.request().client().id().equals(client.id())) {
      throw invalidGrant("The code is unknown or was issued to another client");
    }
    TokenFamily before = code.family();
    if (before != null) {
      reused++;
      vault.revoke(before);
      throw invalidGrant("The code was used before");
    }
    TokenFamily family = new TokenFamily(code.grant(), request.refreshConfirmation());
    code.used(family);
    if (!clock.instant().isBefore(code.expiresAt())) {
      throw invalidGrant("The code is expired");
    }
    return new Redeemed(code.request(), family);
  }

  synchronized int issued() {
    return codes.size();
  }

  synchronized int reused() {
    return reused;
  }

  private static OAuthError invalidGrant(String description) {
    return OAuthError.of("invalid_grant", description);
  }
}
