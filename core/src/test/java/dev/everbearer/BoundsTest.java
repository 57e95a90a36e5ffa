package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSource;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** No server can make us loop, and no header of a server makes a token live longer. */
@Spec("SE-50")
@ExtendWith(ScriptedServers.class)
class BoundsTest {

  private static OAuthClientBuilder on(SettableClock clock, ScriptedAuthorizationServer server) {
    return Api.clientOf(server)
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .random(() -> 0);
  }

  @Test
  void anApiThatAlwaysRefusesForcesThreeRenewalsAMinute(
      ScriptedAuthorizationServer server, ScriptedApi api, SettableClock clock) throws Exception {
    for (String challenge : List.of("Bearer error=\"invalid_token\"", "Bearer", "Negotiate")) {
      server.clearRequests();
      api.clearRequests();
      api.answerAlways(Answer.status(401).header("WWW-Authenticate", challenge));
      try (OAuthClient client = on(clock, server).build()) {
        HttpClient http = client.httpClientFor(api.origin().toString(), Grant.clientCredentials());
        for (int i = 0; i < 50; i++) {
          assertThat(Api.get(http, api.uri("/x")).statusCode()).isEqualTo(401);
        }
        assertThat(server.tokenRequests()).hasSizeLessThanOrEqualTo(4);
        assertThat(api.requests()).hasSizeLessThanOrEqualTo(50 + 3);
        clock.advance(Duration.ofSeconds(61));
        for (int i = 0; i < 50; i++) {
          Api.getAsync(http, api.uri("/x"));
        }
        assertThat(server.tokenRequests()).hasSizeLessThanOrEqualTo(7);
      }
    }
  }

  @Test
  void aRedirectLoopEnds(ScriptedAuthorizationServer server, ScriptedApi api, SettableClock clock)
      throws Exception {
    api.answerAlways(Answer.redirect(302, api.uri("/again")));
    try (OAuthClient client = on(clock, server).build()) {
      HttpClient http =
          client
              .http()
              .bind(Grant.clientCredentials(), api.origin().toString())
              .followSameOriginRedirects()
              .build();
      assertThat(Api.get(http, api.uri("/x")).statusCode()).isEqualTo(302);
    }
    assertThat(api.requests()).hasSize(6);
  }

  @Test
  void callersThatDoNotWaitCannotStormAServerThatAlwaysFails(
      ScriptedAuthorizationServer server, SettableClock clock) {
    for (Answer answer :
        List.of(
            Answer.status(503),
            Answer.json(400, "{\"error\":\"invalid_scope\"}"),
            Answer.json(401, "{\"error\":\"invalid_client\"}"),
            Answer.json(200, "{}"),
            Answer.endlessBody())) {
      server.clearRequests();
      server.answerAlways(answer);
      try (OAuthClient client = on(clock, server).random(() -> 1).build()) {
        TokenSource tokens = client.tokens(Grant.clientCredentials());
        assertThatThrownBy(() -> tokens.token(Duration.ZERO)).isInstanceOf(OAuthException.class);
        await().until(() -> tokens.diagnose().contains("attempt failed"));
        for (int i = 0; i < 100; i++) {
          assertThatThrownBy(() -> tokens.token(Duration.ZERO)).isInstanceOf(OAuthException.class);
        }
        assertThat(server.tokenRequests()).as(answer.toString()).hasSize(1);
      }
    }
  }

  @Test
  void aMissingDocumentIsLookedForInThreePlacesOnce(
      ScriptedAuthorizationServer server, SettableClock clock) {
    server.registerClient("id", "secret");
    server.script("/.well-known/oauth-authorization-server").answerAlways(Answer.status(404));
    server.script("/.well-known/openid-configuration").answerAlways(Answer.status(404));
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .clientSecretBasic("id", "secret")
            .clocks(clock, clock::nanoTime)
            .scheduler(clock.scheduler())
            .build()) {
      TokenSource tokens = client.tokens(Grant.clientCredentials());
      for (int i = 0; i < 100; i++) {
        assertThatThrownBy(tokens::token).isInstanceOf(OAuthException.class);
      }
    }
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void aDateOfTheServerChangesNoLife(ScriptedAuthorizationServer server, SettableClock clock) {
    for (String date : List.of("Fri, 01 Jan 2100 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT")) {
      server.clearRequests();
      String body = "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":100}";
      server.answerNext(
          Answer.json(200, body.formatted("first")).header("Date", date),
          Answer.json(200, body.formatted("second")).header("Date", date));
      try (OAuthClient client = on(clock, server).build()) {
        TokenSource tokens = client.tokens(Grant.clientCredentials());
        assertThat(tokens.token().value()).isEqualTo("first");
        assertThat(tokens.token().expiresAt()).contains(clock.instant().plusSeconds(100));
        // Until its soft margin it is served, and from its end on it never is.
        clock.advance(Duration.ofSeconds(70));
        assertThat(tokens.token().value()).isEqualTo("first");
        assertThat(server.tokenRequests()).hasSize(1);
        clock.advance(Duration.ofSeconds(30));
        assertThat(tokens.token().value()).isEqualTo("second");
      }
    }
  }
}
