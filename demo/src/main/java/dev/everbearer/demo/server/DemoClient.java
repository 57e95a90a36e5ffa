package dev.everbearer.demo.server;

import java.util.Set;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder.SecretKeyFactoryAlgorithm;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** The one client that the authorization server knows. */
final class DemoClient {

  /** The scopes that the client may ask for. */
  static final Set<String> SCOPES = Set.of("read", "write");

  /**
   * How the server keeps the secret. One round is enough for a secret of random bytes, which cannot
   * be guessed; the many rounds that a password needs would cost every token request a tenth of a
   * second.
   */
  static final PasswordEncoder SECRETS =
      new Pbkdf2PasswordEncoder("", 16, 1, SecretKeyFactoryAlgorithm.PBKDF2WithHmacSHA256);

  private DemoClient() {}

  static RegisteredClient register(DemoServers.Options options) {
    return RegisteredClient.withId("demo")
        .clientId(options.clientId())
        .clientSecret(SECRETS.encode(options.clientSecret()))
        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
        .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
        .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
        .scopes(scopes -> scopes.addAll(SCOPES))
        .clientSettings(ClientSettings.builder().requireAuthorizationConsent(false).build())
        .tokenSettings(tokenSettings(options))
        .build();
  }

  private static TokenSettings tokenSettings(DemoServers.Options options) {
    return TokenSettings.builder()
        .accessTokenFormat(OAuth2TokenFormat.REFERENCE)
        .accessTokenTimeToLive(options.accessTokenLifetime())
        .reuseRefreshTokens(false)
        .build();
  }
}
