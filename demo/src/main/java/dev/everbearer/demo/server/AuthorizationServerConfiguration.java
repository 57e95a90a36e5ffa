package dev.everbearer.demo.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.util.function.SingletonSupplier;

/** Spring Authorization Server with OpenID Connect, and nothing else on its port. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class AuthorizationServerConfiguration {

  static final String TOKEN_ENDPOINT = "/oauth2/token";

  @Bean
  SecurityFilterChain authorizationServer(HttpSecurity http) {
    return http.oauth2AuthorizationServer(server -> server.oidc(Customizer.withDefaults()))
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .build();
  }

  /** Sets no issuer: the server is its own origin then, whatever port it was given. */
  @Bean
  AuthorizationServerSettings settings() {
    return AuthorizationServerSettings.builder().tokenEndpoint(TOKEN_ENDPOINT).build();
  }

  @Bean
  RegisteredClientRepository clients(RegisteredClient client) {
    return new InMemoryRegisteredClientRepository(client);
  }

  @Bean
  PasswordEncoder secrets() {
    return DemoClient.SECRETS;
  }

  /** The published key. It is made when it is first asked for: access tokens need none. */
  @Bean
  JWKSource<SecurityContext> keys() {
    var keys = SingletonSupplier.of(AuthorizationServerConfiguration::generateKeys);
    return (selector, context) -> selector.select(keys.obtain());
  }

  /** For the OpenID Connect endpoints, which are there and which nothing here calls. */
  @Bean
  JwtDecoder idTokenDecoder(JWKSource<SecurityContext> keys) {
    return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
  }

  private static JWKSet generateKeys() {
    try {
      return new JWKSet(new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate());
    } catch (JOSEException e) {
      throw new IllegalStateException("No key could be generated", e);
    }
  }
}
