package dev.everbearer.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.DpopKey;
import dev.everbearer.demo.server.DemoServers;
import dev.everbearer.grant.Grant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.InsufficientScopeException;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Scope;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against Spring Authorization Server and a Spring resource server. */
class SpringAuthorizationServerTest {

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

  private static OAuthClientBuilder byIssuer() {
    return OAuthClient.builder()
        .issuer(servers.issuer().toString())
        .clientSecretBasic(servers.clientId(), servers.clientSecret());
  }

  private static HttpResponse<String> getUser(HttpClient api) throws Exception {
    return api.send(
        HttpRequest.newBuilder(servers.api().resolve("/user")).build(), BodyHandlers.ofString());
  }

  @Test
  void byIssuerWithASecretInTheHeader() throws Exception {
    try (OAuthClient client = byIssuer().build()) {
      HttpClient api =
          client.httpClientFor(servers.api().toString(), Grant.clientCredentials().scope("read"));
      assertThat(getUser(api).statusCode()).isEqualTo(200);
      AccessToken token = client.tokens(Grant.clientCredentials().scope("read")).token();
      assertThat(token.scope()).contains(Scope.of("read"));
      assertThat(token.expiresAt()).isPresent();
    }
  }

  @Test
  void byTokenEndpointWithASecretInTheBody() throws Exception {
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(servers.tokenEndpoint().toString())
            .clientSecretPost(servers.clientId(), servers.clientSecret())
            .build()) {
      HttpClient api = client.httpClientFor(servers.api().toString(), Grant.clientCredentials());
      assertThat(getUser(api).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void withASecretSentAsTheMetadataPrefers() {
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(servers.issuer().toString())
            .authentication(
                ClientAuthentication.clientSecret(servers.clientId(), servers::clientSecret))
            .build()) {
      assertThat(client.tokens(Grant.clientCredentials()).token()).isNotNull();
    }
  }

  @Test
  void aWrongSecretFailsAtOnceAndSaysSo() {
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(servers.issuer().toString())
            .clientSecretBasic(servers.clientId(), "wrong")
            .build()) {
      assertThatThrownBy(() -> client.tokens(Grant.clientCredentials()).token())
          .isInstanceOf(OAuthErrorException.class)
          .hasMessageContaining("invalid_client")
          .hasMessageContaining(servers.tokenEndpoint().toString())
          .hasMessageContaining("client_secret_basic")
          .hasMessageNotContaining("wrong");
    }
  }

  @Test
  void anUnknownScopeIsRefused() {
    try (OAuthClient client = byIssuer().build()) {
      assertThatThrownBy(() -> client.tokens(Grant.clientCredentials().scope("fly")).token())
          .isInstanceOfSatisfying(
              OAuthException.class,
              error ->
                  assertThat(error.failure().orElseThrow().kind()).isEqualTo(FailureKind.REFUSED))
          .hasMessageContaining("invalid_scope");
      assertThatThrownBy(
              () ->
                  client
                      .tokens(Grant.clientCredentials().scope("read").requiredScope("write"))
                      .token())
          .isInstanceOf(InsufficientScopeException.class);
    }
  }

  @Test
  void aRevokedTokenIsHealed() throws Exception {
    try (OAuthClient client = byIssuer().build()) {
      HttpClient api = client.httpClientFor(servers.api().toString(), Grant.clientCredentials());
      assertThat(getUser(api).statusCode()).isEqualTo(200);
      AccessToken first = client.tokens(Grant.clientCredentials()).token();
      servers.revokeTokens();
      assertThat(getUser(api).statusCode()).isEqualTo(200);
      assertThat(client.tokens(Grant.clientCredentials()).token()).isNotEqualTo(first);
    }
  }

  @Test
  void aRotatingRefreshTokenIsFollowedAndHandedOver() {
    List<String> kept = new CopyOnWriteArrayList<>();
    String first = servers.issueRefreshToken();
    try (OAuthClient client =
        byIssuer()
            .onRotated(tokens -> kept.add(tokens.refreshToken().orElseThrow().reveal()))
            .build()) {
      TokenSource source = client.tokens(Grant.refreshToken(first));
      AccessToken one = source.token();
      source.invalidate(one);
      AccessToken two = source.token();
      source.invalidate(two);
      assertThat(source.token()).isNotIn(one, two);
      assertThat(kept).hasSize(3).doesNotHaveDuplicates().doesNotContain(first);
    }
    try (OAuthClient restarted = byIssuer().build()) {
      assertThat(restarted.tokens(Grant.refreshToken(kept.get(2))).token()).isNotNull();
    }
    try (OAuthClient late = byIssuer().build()) {
      assertThatThrownBy(() -> late.tokens(Grant.refreshToken(first)).token())
          .isInstanceOf(LoginRequiredException.class)
          .hasMessageContaining("invalid_grant");
    }
  }

  @Test
  void tokensAreBoundToAKeyAndOfNoUseWithoutIt() throws Exception {
    Grant grant = Grant.clientCredentials().scope("read");
    try (OAuthClient client = byIssuer().dpop().build()) {
      HttpClient api = client.httpClientFor(servers.api().toString(), grant);
      assertThat(getUser(api).statusCode()).isEqualTo(200);
      AccessToken token = client.tokens(grant).token();
      assertThat(token.type()).isEqualTo("DPoP");
      servers.revokeTokens();
      assertThat(getUser(api).statusCode()).isEqualTo(200);
      AccessToken next = client.tokens(grant).token();
      assertThat(next).isNotEqualTo(token);
      assertThat(statusOf("Bearer " + next.value(), "")).isEqualTo(401);
      String stolen =
          DpopKey.generate()
              .proof("GET", servers.api().resolve("/user"), next.value(), null, Instant.now());
      assertThat(statusOf(next.authorization(), stolen)).isEqualTo(401);
    }
  }

  private static int statusOf(String authorization, String proof) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(servers.api().resolve("/user"))
            .header("Authorization", authorization);
    if (!proof.isEmpty()) {
      request.header("DPoP", proof);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  @Test
  void aRefreshProvesTheSameKey() {
    try (OAuthClient client = byIssuer().dpop().build()) {
      TokenSource source = client.tokens(Grant.refreshToken(servers.issueRefreshToken()));
      source.invalidate(source.token());
      assertThat(source.token().keyThumbprint()).isEqualTo(client.dpopThumbprint());
    }
  }

  @Test
  void threeStepsByHand() {
    try (OAuthClient client = byIssuer().build()) {
      TokenSet tokens = client.fetch(Grant.refreshToken(servers.issueRefreshToken()));
      TokenSet next =
          client.fetch(Grant.refreshToken(tokens.refreshToken().orElseThrow().reveal()));
      assertThat(next.accessToken()).isNotEqualTo(tokens.accessToken());
    }
  }
}
