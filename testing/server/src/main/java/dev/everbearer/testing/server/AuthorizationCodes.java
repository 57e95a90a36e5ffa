package dev.everbearer.testing.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Issues codes; each is redeemed once (RFC 6749 section 4.1.2). Thread-safe. */
final class AuthorizationCodes {

  private final InstantSource clock;
  private final TokenVault vault;
  private final Map<String, AuthorizationCode> codes = new HashMap<>();
  private final Set<String> used = new HashSet<>();
  private int reused;

  AuthorizationCodes(InstantSource clock, TokenVault vault) {
    this.clock = clock;
    this.vault = vault;
  }

  synchronized String issue(AuthorizationRequest request, Grant grant, Duration lifetime) {
    String value = RandomValues.next("code-");
    TokenFamily family = new TokenFamily(grant);
    codes.put(value, new AuthorizationCode(request, family, clock.instant().plus(lifetime)));
    return value;
  }

  /**
   * Uses a code up. One that was used before takes all tokens with it that came from it.
   *
   * @throws OAuthError if the code is no good, or no longer
   */
  synchronized AuthorizationCode redeem(String value, String clientId) {
    AuthorizationCode code = codes.get(value);
    if (code == null || !code.request().client().id().equals(clientId)) {
      throw invalidGrant("The code is unknown or was issued to another client");
    }
    if (!used.add(value)) {
      reused++;
      vault.revoke(code.family());
      throw invalidGrant("The code was used before");
    }
    if (!clock.instant().isBefore(code.expiresAt())) {
      throw invalidGrant("The code is expired");
    }
    return code;
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
