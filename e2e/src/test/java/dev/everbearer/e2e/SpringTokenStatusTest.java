package dev.everbearer.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.Introspector;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.demo.server.DemoServers;
import dev.everbearer.grant.Grant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Introspection;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSet;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Revocation and introspection at Spring Authorization Server. */
class SpringTokenStatusTest {

  private static DemoServers servers;

  @BeforeAll
  static void start() {
    servers =
        DemoServers.start(
            DemoServers.Options.defaults().withAccessTokenLifetime(Duration.ofMinutes(5)));
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  private static OAuthClientBuilder client() {
    return OAuthClient.builder()
        .issuer(servers.issuer().toString())
        .authentication(
            ClientAuthentication.clientSecret(servers.clientId(), servers::clientSecret));
  }

  private static boolean isActive(OAuthClient client, AccessToken token) {
    return client.introspector().build().introspect(Secret.of(token.value())).isActive();
  }

  @Test
  void anAccessTokenIsIntrospected() {
    try (OAuthClient client = client().build()) {
      AccessToken token = client.tokens(Grant.clientCredentials().scope("read")).token();
      Introspector introspector = client.introspector().issuer(servers.issuer().toString()).build();

      Introspection answer = introspector.introspect(Secret.of(token.value()), "access_token");

      assertThat(answer.isActive()).isTrue();
      assertThat(answer.clientId()).contains(servers.clientId());
      assertThat(answer.scope()).contains(Scope.of("read"));
      assertThat(answer.expiresAt()).isPresent();
      assertThat(introspector.objection(answer)).isEmpty();
      assertThat(introspector.introspect(Secret.of("unknown")).isActive()).isFalse();
    }
  }

  @Test
  void aWrongSecretSaysNothingOfTheToken() {
    try (OAuthClient client = client().clientSecretBasic(servers.clientId(), "wrong").build()) {
      assertThatThrownBy(() -> client.introspector().build().introspect(Secret.of("any")))
          .isInstanceOf(OAuthErrorException.class)
          .hasMessageContaining("invalid_client");
    }
  }

  @Test
  void tokensFetchedByHandAreRevoked() {
    try (OAuthClient client = client().build()) {
      TokenSet tokens = client.fetch(Grant.refreshToken(servers.issueRefreshToken()));
      assertThat(isActive(client, tokens.accessToken())).isTrue();
      client.revoke(tokens);
      assertThat(isActive(client, tokens.accessToken())).isFalse();
      String refreshToken = tokens.refreshToken().orElseThrow().reveal();
      assertThatThrownBy(() -> client.fetch(Grant.refreshToken(refreshToken)))
          .hasMessageContaining("invalid_grant");
    }
  }

  @Test
  void aGrantIsGivenBack() {
    Grant grant = Grant.refreshToken(servers.issueRefreshToken());
    try (OAuthClient client = client().build()) {
      AccessToken token = client.tokens(grant).token();
      client.revoke(grant);
      assertThat(isActive(client, token)).isFalse();
      assertThatThrownBy(() -> client.tokens(grant).token())
          .isInstanceOf(LoginRequiredException.class)
          .hasMessageContaining("logged out");
    }
  }

  @Test
  void anUnknownTokenCountsAsRevoked() {
    try (OAuthClient client = client().build()) {
      client.revoke(Secret.of("unknown"), "refresh_token");
    }
  }
}
