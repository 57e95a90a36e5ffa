package dev.everbearer.testing.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Issues access and refresh tokens and knows which of them are good. Thread-safe. */
final class TokenVault {

  /** Tokens that a refresh led to; the refresh token is null if the old one stays. */
  record Refreshed(AccessToken accessToken, @Nullable RefreshToken refreshToken) {}

  private static final int ISSUES_BETWEEN_CLEANUPS = 10_000;

  private final InstantSource clock;
  private final GrantRules grants;
  private final Map<String, AccessToken> accessTokens = new HashMap<>();
  private final Map<String, RefreshToken> refreshTokens = new HashMap<>();
  private Duration accessTokenLifetime = Duration.ofMinutes(5);
  private RefreshPolicy policy = RefreshPolicy.STRICT;
  private int issued;
  private int rotations;
  private int reuseDetected;
  private int familiesRevoked;

  TokenVault(InstantSource clock, GrantRules grants) {
    this.clock = clock;
    this.grants = grants;
  }

  synchronized void accessTokenLifetime(Duration lifetime) {
    accessTokenLifetime = lifetime;
  }

  synchronized void refreshPolicy(RefreshPolicy other) {
    policy = other;
  }

  synchronized AccessToken issueAccessToken(
      Grant grant, Confirmation confirmation, @Nullable TokenFamily family) {
    Instant now = clock.instant();
    if (++issued % ISSUES_BETWEEN_CLEANUPS == 0) {
      accessTokens.values().removeIf(token -> !token.isAliveAt(now));
    }
    AccessToken token =
        new AccessToken(
            RandomValues.next("at-"),
            grant,
            now,
            now.plus(accessTokenLifetime),
            confirmation,
            family);
    accessTokens.put(token.value(), token);
    return token;
  }

  synchronized RefreshToken issueRefreshToken(TokenFamily family) {
    RefreshToken token = new RefreshToken(RandomValues.next("rt-"), family);
    refreshTokens.put(token.value(), token);
    return token;
  }

  /**
   * Uses a refresh token.
   *
   * @throws OAuthError if the token is no good, or no longer
   */
  synchronized Refreshed refresh(String value, TokenRequest request) {
    RefreshToken token = usable(value, request.client().id());
    Confirmation bound = token.family().confirmation();
    if (bound.isBinding() && !bound.equals(request.confirmation())) {
      throw invalidGrant("The refresh token is bound to another key");
    }
    Grant grant = grants.part(token.family().grant(), request.form());
    AccessToken accessToken = issueAccessToken(grant, request.confirmation(), token.family());
    return new Refreshed(accessToken, policy.isRotating() ? rotate(token) : null);
  }

  private RefreshToken usable(String value, String clientId) {
    RefreshToken token = refreshTokens.get(value);
    if (token == null || !token.family().grant().clientId().equals(clientId)) {
      throw invalidGrant("The refresh token is unknown or was issued to another client");
    }
    if (!isUnusedOrForgiven(token)) {
      throw refuseReuse(token.family());
    }
    if (!token.family().isRefreshable()) {
      throw invalidGrant("The refresh token is revoked");
    }
    return token;
  }

  private RefreshToken rotate(RefreshToken token) {
    RefreshToken child = token.child();
    if (child != null && policy.isGivingSameChild()) {
      return child;
    }
    RefreshToken fresh = issueRefreshToken(token.family());
    token.used(clock.instant(), fresh);
    rotations++;
    return fresh;
  }

  private OAuthError refuseReuse(TokenFamily family) {
    reuseDetected++;
    if (policy.isRevokingFamily()) {
      revoke(family);
    }
    return invalidGrant("The refresh token was used before");
  }

  synchronized Optional<AccessToken> activeAccessToken(String value) {
    AccessToken token = accessTokens.get(value);
    return Optional.ofNullable(token).filter(this::isGood);
  }

  private boolean isGood(AccessToken token) {
    TokenFamily family = token.family();
    return token.isAliveAt(clock.instant()) && (family == null || !family.isRevoked());
  }

  /** The grant of a refresh token that would be accepted now. */
  synchronized Optional<Grant> activeRefreshToken(String value) {
    return Optional.ofNullable(refreshTokens.get(value))
        .filter(token -> token.family().isRefreshable())
        .filter(token -> isUnusedOrForgiven(token))
        .map(token -> token.family().grant());
  }

  private boolean isUnusedOrForgiven(RefreshToken token) {
    Instant firstUse = token.firstUse();
    return firstUse == null || !policy.isRotating() || policy.forgives(firstUse, clock.instant());
  }

  synchronized void revokeAccessToken(String value) {
    accessTokens.remove(value);
  }

  synchronized void revokeAllAccessTokens() {
    accessTokens.clear();
  }

  /** Ends refreshing for the login that a refresh token came from; access tokens live on. */
  synchronized void revokeRefreshToken(String value) {
    RefreshToken token = refreshTokens.get(value);
    if (token != null) {
      token.family().revokeRefresh();
    }
  }

  /** Revokes everything that came from the same login as a refresh token. */
  synchronized void revokeFamily(String refreshToken) {
    RefreshToken token = refreshTokens.get(refreshToken);
    if (token != null) {
      revoke(token.family());
    }
  }

  /** Revokes everything that came from a login. */
  synchronized void revoke(TokenFamily family) {
    if (!family.isRevoked()) {
      family.revoke();
      familiesRevoked++;
    }
  }

  /** The client that a token was issued to, whether it is still good or not. */
  synchronized Optional<String> clientOf(String token) {
    AccessToken access = accessTokens.get(token);
    RefreshToken refresh = refreshTokens.get(token);
    if (access != null) {
      return Optional.of(access.grant().clientId());
    }
    return Optional.ofNullable(refresh).map(each -> each.family().grant().clientId());
  }

  synchronized int accessTokensIssued() {
    return issued;
  }

  synchronized int rotations() {
    return rotations;
  }

  synchronized int reuseDetected() {
    return reuseDetected;
  }

  synchronized int familiesRevoked() {
    return familiesRevoked;
  }

  private static OAuthError invalidGrant(String description) {
    return OAuthError.of("invalid_grant", description);
  }
}
