package dev.everbearer.demo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.demo.server.Caller.Answer;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoServersTest {

  private static final String FORM = "grant_type=client_credentials&scope=read+write";

  private final DemoServers servers = DemoServers.start();
  private final Caller caller = new Caller(servers);

  @BeforeAll
  void noTokensYet() {
    assertThat(servers.tokensIssued()).isZero();
    assertThat(servers.tokenRequestsRefused()).isZero();
  }

  @AfterAll
  void stop() {
    servers.close();
  }

  @Test
  void issuesTokensToBasicAuthentication() {
    assertAccepted(caller.tokenWithBasic(FORM));
  }

  @Test
  void issuesTokensToPostedCredentials() {
    assertAccepted(caller.tokenWithPost(FORM));
  }

  private void assertAccepted(Answer token) {
    assertThat(token.status()).isEqualTo(200);
    assertThat(token.text("token_type")).isEqualTo("Bearer");
    assertThat(token.json().path("expires_in").asInt()).isBetween(4, 5);
    Answer user = caller.user(token.text("access_token"));
    assertThat(user.status()).isEqualTo(200);
    assertThat(user.text("sub")).isEqualTo(servers.clientId());
    assertThat(user.json().path("scope").valueStream().map(scope -> scope.asString()))
        .containsExactlyInAnyOrder("read", "write");
  }

  @Test
  void refusesMissingAndWrongCredentials() {
    Answer missing = caller.tokenWithoutCredentials(FORM);
    Answer wrong =
        caller.tokenWithoutCredentials(
            FORM + "&client_id=" + servers.clientId() + "&client_secret=wrong");
    assertThat(missing.status()).isEqualTo(401);
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.text("error")).isEqualTo("invalid_client");
  }

  @Test
  void countsTheTokensIssued() {
    long before = servers.tokensIssued();
    caller.clientCredentials();
    caller.clientCredentials();
    assertThat(servers.tokensIssued()).isEqualTo(before + 2);
  }

  @Test
  void refusesACallWithoutToken() {
    Answer answer = caller.userWithoutToken();
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge()).startsWith("Bearer").doesNotContain("error");
  }

  @Test
  void refusesAnUnknownToken() {
    assertInvalidToken(caller.user("garbage"));
  }

  @Test
  void refusesRevokedTokensAtOnce() {
    String first = caller.clientCredentials().text("access_token");
    String second = caller.clientCredentials().text("access_token");
    assertThat(caller.user(first).status()).isEqualTo(200);
    assertThat(servers.revokeTokens()).isGreaterThanOrEqualTo(2);
    assertInvalidToken(caller.user(first));
    assertInvalidToken(caller.user(second));
    String next = caller.clientCredentials().text("access_token");
    assertThat(caller.user(next).status()).isEqualTo(200);
  }

  private static void assertInvalidToken(Answer answer) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge()).startsWith("Bearer").contains("error=\"invalid_token\"");
  }

  @Test
  void refusesTokenRequestsUntilTheOutageEnds() {
    String token = caller.clientCredentials().text("access_token");
    long issued = servers.tokensIssued();
    long refused = servers.tokenRequestsRefused();
    servers.outage(true);
    try {
      assertThat(caller.clientCredentials().status()).isEqualTo(503);
      assertThat(caller.tokenWithPost(FORM).status()).isEqualTo(503);
      assertThat(caller.user(token).status()).isEqualTo(200);
    } finally {
      servers.outage(false);
    }
    assertThat(servers.tokenRequestsRefused()).isEqualTo(refused + 2);
    assertThat(servers.tokensIssued()).isEqualTo(issued);
    assertThat(caller.clientCredentials().status()).isEqualTo(200);
  }

  @Test
  void rotatesRefreshTokens() {
    long issued = servers.tokensIssued();
    String first = servers.issueRefreshToken();
    Answer answer = caller.refresh(first);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(caller.user(answer.text("access_token")).text("sub")).isEqualTo("alice");
    String second = answer.text("refresh_token");
    assertThat(second).isNotEmpty().isNotEqualTo(first);
    Answer reuse = caller.refresh(first);
    assertThat(reuse.status()).isEqualTo(400);
    assertThat(reuse.text("error")).isEqualTo("invalid_grant");
    assertThat(caller.refresh(second).status()).isEqualTo(200);
    assertThat(servers.tokensIssued()).isEqualTo(issued + 2);
  }

  @Test
  void refreshesAfterARevocation() {
    Answer first = caller.refresh(servers.issueRefreshToken());
    servers.revokeTokens();
    assertInvalidToken(caller.user(first.text("access_token")));
    Answer second = caller.refresh(first.text("refresh_token"));
    assertThat(caller.user(second.text("access_token")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"oauth-authorization-server", "openid-configuration"})
  void namesItselfInItsMetadata(String document) {
    Answer metadata = caller.get(servers.issuer().resolve("/.well-known/" + document));
    assertThat(metadata.status()).isEqualTo(200);
    assertThat(metadata.text("issuer")).isEqualTo(servers.issuer().toString());
    assertThat(metadata.text("token_endpoint")).isEqualTo(servers.tokenEndpoint().toString());
    Answer keys = caller.get(URI.create(metadata.text("jwks_uri")));
    assertThat(keys.json().path("keys").size()).isEqualTo(1);
  }

  @Test
  void leadsFromTheChallengeToTheIssuer() {
    URI document = servers.api().resolve("/.well-known/oauth-protected-resource");
    assertThat(caller.userWithoutToken().challenge()).contains('"' + document.toString() + '"');
    Answer metadata = caller.get(document);
    assertThat(metadata.text("resource")).isEqualTo(servers.api().toString());
    assertThat(metadata.json().path("authorization_servers").path(0).asString())
        .isEqualTo(servers.issuer().toString());
  }

  @Test
  void isTwoOrigins() {
    assertThat(servers.api().getPort()).isNotEqualTo(servers.issuer().getPort());
    assertThat(caller.get(servers.issuer().resolve("/user")).status()).isEqualTo(401);
    assertThat(caller.get(servers.api().resolve("/oauth2/jwks")).status()).isEqualTo(401);
  }
}
