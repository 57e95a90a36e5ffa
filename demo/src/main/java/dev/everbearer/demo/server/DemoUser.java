package dev.everbearer.demo.server;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.crypto.keygen.Base64StringKeyGenerator;
import org.springframework.security.crypto.keygen.StringKeyGenerator;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/** The user who has authorized the client, without the browser that it would have taken. */
final class DemoUser {

  static final String NAME = "alice";

  private static final StringKeyGenerator TOKEN_VALUES = new Base64StringKeyGenerator(96);

  private DemoUser() {}

  /** Saves an authorization by this user and gives its refresh token. */
  static String issueRefreshToken(RegisteredClient client, OAuth2AuthorizationService service) {
    Instant now = Instant.now();
    OAuth2RefreshToken refreshToken = refreshToken(client, now);
    service.save(
        OAuth2Authorization.withRegisteredClient(client)
            .principalName(NAME)
            .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
            .authorizedScopes(DemoClient.SCOPES)
            .attribute(
                Principal.class.getName(),
                UsernamePasswordAuthenticationToken.authenticated(NAME, "", List.of()))
            .token(unusedAccessToken(client, now), DemoUser::invalidate)
            .refreshToken(refreshToken)
            .build());
    return refreshToken.getTokenValue();
  }

  private static OAuth2RefreshToken refreshToken(RegisteredClient client, Instant now) {
    Instant expiry = now.plus(client.getTokenSettings().getRefreshTokenTimeToLive());
    return new OAuth2RefreshToken(TOKEN_VALUES.generateKey(), now, expiry);
  }

  /**
   * The access token that came with the refresh token. Nobody is given it, but without one the
   * authorization would count as unfinished, and unfinished ones are kept apart: their refresh
   * token would still be found there after its rotation.
   */
  private static OAuth2AccessToken unusedAccessToken(RegisteredClient client, Instant now) {
    return new OAuth2AccessToken(
        OAuth2AccessToken.TokenType.BEARER,
        TOKEN_VALUES.generateKey(),
        now,
        now.plus(client.getTokenSettings().getAccessTokenTimeToLive()),
        DemoClient.SCOPES);
  }

  private static void invalidate(Map<String, Object> metadata) {
    metadata.put(OAuth2Authorization.Token.INVALIDATED_METADATA_NAME, true);
  }
}
