package dev.everbearer.demo.server;

import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.web.SecurityFilterChain;

/** Spring Security's resource server in front of the one resource {@code /user}. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class ProtectedApiConfiguration {

  @Bean
  SecurityFilterChain api(HttpSecurity http, OpaqueTokenIntrospector introspector) {
    return http.oauth2ResourceServer(
            server -> server.opaqueToken(token -> token.introspector(introspector)))
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .build();
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
