package dev.everbearer.e2e;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.http.HttpServlet;
import java.net.InetAddress;
import java.net.URI;
import java.util.function.Consumer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Spring Authorization Server with a login page, one user, and the clients that a test registers.
 */
final class LoginServer implements AutoCloseable {

  static final String USER = "alice";
  static final String PASSWORD = "wonder land";

  private final AnnotationConfigServletWebServerApplicationContext context =
      new AnnotationConfigServletWebServerApplicationContext();

  LoginServer() {
    context.registerBean(TomcatServletWebServerFactory.class, LoginServer::tomcat);
    context.registerBean(
        "nothingElse",
        ServletRegistrationBean.class,
        () -> new ServletRegistrationBean<>(new HttpServlet() {}, "/"));
    context.register(Server.class);
    context.refresh();
  }

  private static TomcatServletWebServerFactory tomcat() {
    var factory = new TomcatServletWebServerFactory(0);
    factory.setAddress(InetAddress.getLoopbackAddress());
    return factory;
  }

  URI issuer() {
    return URI.create("http://127.0.0.1:" + context.getWebServer().getPort());
  }

  /** Registers a client that proves who it is by a secret. */
  void registerConfidential(String id, String secret, String redirectUri) {
    register(
        id,
        redirectUri,
        client ->
            client
                .clientSecret("{noop}" + secret)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC));
  }

  /** Registers a client that proves nothing, for a program on a person's machine. */
  void registerPublic(String id, String redirectUri) {
    register(
        id,
        redirectUri,
        client -> client.clientAuthenticationMethod(ClientAuthenticationMethod.NONE));
  }

  private void register(
      String id, String redirectUri, Consumer<RegisteredClient.Builder> authentication) {
    RegisteredClient.Builder client =
        RegisteredClient.withId(id)
            .clientId(id)
            .redirectUri(redirectUri)
            .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
            .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
            .scope("openid")
            .scope("read")
            .clientSettings(ClientSettings.builder().requireProofKey(true).build())
            .tokenSettings(TokenSettings.builder().reuseRefreshTokens(false).build());
    authentication.accept(client);
    context.getBean(InMemoryRegisteredClientRepository.class).save(client.build());
  }

  @Override
  public void close() {
    context.close();
  }

  @Configuration(proxyBeanMethods = false)
  @EnableWebSecurity
  static class Server {

    @Bean
    SecurityFilterChain chain(HttpSecurity http) {
      return http.oauth2AuthorizationServer(server -> server.oidc(Customizer.withDefaults()))
          .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
          .formLogin(Customizer.withDefaults())
          .build();
    }

    @Bean
    UserDetailsService users() {
      return new InMemoryUserDetailsManager(
          User.withUsername(USER).password("{noop}" + PASSWORD).roles("USER").build());
    }

    @Bean
    AuthorizationServerSettings settings() {
      return AuthorizationServerSettings.builder().build();
    }

    @Bean
    RegisteredClientRepository clients() {
      return new InMemoryRegisteredClientRepository(
          RegisteredClient.withId("nobody")
              .clientId("nobody")
              .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
              .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
              .build());
    }

    @Bean
    JWKSource<SecurityContext> keys() throws JOSEException {
      JWKSet keys = new JWKSet(new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate());
      return (selector, context) -> selector.select(keys);
    }

    @Bean
    JwtDecoder decoder(JWKSource<SecurityContext> keys) {
      return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
    }
  }
}
