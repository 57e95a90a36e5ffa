package dev.everbearer.demo.server;

import java.net.URI;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.resource.OAuth2ResourceServerConfigurer.ProtectedResourceMetadataConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.web.SecurityFilterChain;

/** Spring Security's resource server in front of the one resource {@code /user}. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class ProtectedApiConfiguration {

  @Bean
  SecurityFilterChain api(HttpSecurity http, OpaqueTokenIntrospector introspector, URI issuer) {
    return http.oauth2ResourceServer(
            server ->
                server
                    .opaqueToken(token -> token.introspector(introspector))
                    .dPoP(Customizer.withDefaults())
                    .protectedResourceMetadata(document -> describe(document, issuer)))
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .build();
  }

  private static void describe(ProtectedResourceMetadataConfigurer document, URI issuer) {
    document.protectedResourceMetadataCustomizer(
        metadata ->
            metadata
                .authorizationServer(issuer.toString())
                .scopes(scopes -> scopes.addAll(DemoClient.SCOPES)));
  }

  @Bean
  OpaqueTokenIntrospector introspector(OAuth2AuthorizationService authorizations) {
    return new LedgerIntrospector(authorizations);
  }

  @Bean
  ServletRegistrationBean<UserServlet> user() {
    return new ServletRegistrationBean<>(new UserServlet(), "/user");
  }
}
