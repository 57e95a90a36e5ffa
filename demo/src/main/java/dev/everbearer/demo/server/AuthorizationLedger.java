package dev.everbearer.demo.server;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;

/**
 * Spring's in-memory store of authorizations, with the two things added that it lacks: it counts
 * the access tokens and can revoke all of them. It also forgets what has expired, since the store
 * looks a token up by going through everything it holds.
 */
final class AuthorizationLedger implements OAuth2AuthorizationService {

  private final OAuth2AuthorizationService store = new InMemoryOAuth2AuthorizationService();
  private final Set<String> ids = ConcurrentHashMap.newKeySet();
  private final AtomicLong accessTokensIssued = new AtomicLong();
  private @Nullable String newest; // guarded by this

  @Override
  public synchronized void save(OAuth2Authorization authorization) {
    if (bringsNewAccessToken(authorization)) {
      accessTokensIssued.incrementAndGet();
      newest = authorization.getId();
    }
    forgetTheDead();
    ids.add(authorization.getId());
    store.save(authorization);
  }

  @Override
  public synchronized void remove(OAuth2Authorization authorization) {
    ids.remove(authorization.getId());
    store.remove(authorization);
  }

  @Override
  public @Nullable OAuth2Authorization findById(String id) {
    return store.findById(id);
  }

  @Override
  public @Nullable OAuth2Authorization findByToken(
      String token, @Nullable OAuth2TokenType tokenType) {
    return store.findByToken(token, tokenType);
  }

  /** Invalidates every live access token and tells how many those were. */
  synchronized int revokeAccessTokens() {
    int revoked = 0;
    for (String id : ids) {
      revoked += revokeAccessToken(id) ? 1 : 0;
    }
    return revoked;
  }

  /** Invalidates the access token that was issued last and tells whether it was live. */
  synchronized boolean revokeNewestAccessToken() {
    return newest != null && revokeAccessToken(newest);
  }

  private boolean revokeAccessToken(String id) {
    OAuth2Authorization authorization = store.findById(id);
    OAuth2AccessToken live = authorization == null ? null : liveAccessToken(authorization);
    if (authorization == null || live == null) {
      return false;
    }
    store.save(OAuth2Authorization.from(authorization).invalidate(live).build());
    return true;
  }

  long accessTokensIssued() {
    return accessTokensIssued.get();
  }

  private boolean bringsNewAccessToken(OAuth2Authorization authorization) {
    var token = authorization.getAccessToken();
    return token != null
        && !token.isInvalidated()
        && !Optional.ofNullable(store.findById(authorization.getId()))
            .map(OAuth2Authorization::getAccessToken)
            .map(known -> known.getToken().getTokenValue())
            .equals(Optional.of(token.getToken().getTokenValue()));
  }

  private void forgetTheDead() {
    for (String id : ids) {
      OAuth2Authorization authorization = store.findById(id);
      if (authorization != null && isDead(authorization)) {
        remove(authorization);
      }
    }
  }

  private static boolean isDead(OAuth2Authorization authorization) {
    var refreshToken = authorization.getRefreshToken();
    return liveAccessToken(authorization) == null
        && (refreshToken == null || !refreshToken.isActive());
  }

  private static @Nullable OAuth2AccessToken liveAccessToken(OAuth2Authorization authorization) {
    var token = authorization.getAccessToken();
    return token != null && token.isActive() ? token.getToken() : null;
  }
}
