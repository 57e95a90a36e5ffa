package dev.everbearer.http;

import static dev.everbearer.Api.clientOf;
import static dev.everbearer.Api.get;
import static dev.everbearer.Api.getAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.challenge.Challenge;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.TokenSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6750 from the client's side, and what our own rules add to it. */
@ExtendWith(ScriptedServers.class)
class BearerUsageTest {

  private static final String INVALID_TOKEN = "Bearer error=\"invalid_token\"";

  private static HttpClient over(OAuthClient client, ScriptedApi api) {
    return client.httpClientFor(api.origin().toString(), Grant.clientCredentials());
  }

  private static URI socketOf(ScriptedApi api) {
    return URI.create(api.uri("/ws").toString().replace("http:", "ws:"));
  }

  private static Answer refused(int status, String challenge) {
    return Answer.status(status).header("WWW-Authenticate", challenge);
  }

  private static String answerWith(String token) {
    return "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":300}"
        .formatted(token);
  }

  // ---- where the token goes

  @Spec("BR-01")
  @Test
  void theTokenStandsInTheAuthorizationHeaderOnceAndNowhereElse(
      ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    server.answerAlways(Answer.json(200, answerWith("TheToken")));
    api.answerAlways(Answer.status(200));
    try (OAuthClient client = clientOf(server).build()) {
      HttpClient http = over(client, api);
      get(http, api.uri("/a?b=c"));
      getAsync(http, api.uri("/a"));
      HttpRequest form =
          HttpRequest.newBuilder(api.uri("/form"))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString("a=b"))
              .build();
      http.send(form, BodyHandlers.discarding());
      assertThatThrownBy(
              () ->
                  http.newWebSocketBuilder()
                      .buildAsync(socketOf(api), new WebSocket.Listener() {})
                      .join())
          .isInstanceOf(CompletionException.class);
    }
    assertThat(api.requests()).hasSize(4).allSatisfy(BearerUsageTest::carriesTheTokenOnce);
  }

  private static void carriesTheTokenOnce(RecordedRequest request) {
    assertThat(request.headers("Authorization")).containsExactly("Bearer TheToken");
    String raw = new String(request.rawBytes(), StandardCharsets.ISO_8859_1);
    Matcher token = Pattern.compile("TheToken").matcher(raw);
    assertThat(token.results().count()).isEqualTo(1);
    assertThat(request.target()).doesNotContain("TheToken");
  }

  @Spec("BR-01")
  @Test
  void aServerThatTakesTheTokenInTheHeaderAloneIsContent(
      ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    try (OAuthClient client = clientOf(server).build()) {
      assertThat(get(over(client, api), api.uri("/x?a=b")).statusCode()).isEqualTo(200);
      // The API of this test does refuse a token in any other place.
      HttpRequest inQuery =
          HttpRequest.newBuilder(api.uri("/x?access_token=" + server.issueAccessToken("id")))
              .build();
      assertThat(over(client, api).send(inQuery, BodyHandlers.discarding()).statusCode())
          .isEqualTo(400);
    }
  }

  @Spec("BR-01")
  @Test
  void aCallersOwnAuthorizationIsNotDoubled(ScriptedAuthorizationServer server, ScriptedApi api)
      throws Exception {
    try (OAuthClient client = clientOf(server).build()) {
      HttpRequest own =
          HttpRequest.newBuilder(api.uri("/x")).header("Authorization", "Basic eA==").build();
      assertThat(over(client, api).send(own, BodyHandlers.discarding()).statusCode())
          .isEqualTo(401);
    }
    assertThat(api.requests()).hasSize(1);
    assertThat(api.requests().get(0).headers("Authorization")).containsExactly("Basic eA==");
    assertThat(server.requests()).isEmpty();
  }

  // ---- which tokens are sent

  @Spec("BR-02")
  @ParameterizedTest
  @ValueSource(strings = {"a b", "a,b", "a;b", "a:b", "=a", "a=b", "{a}", "a@b"})
  void aTokenOutsideTheToken68AlphabetIsRefusedBeforeSending(
      String token, ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    server.answerAlways(Answer.json(200, answerWith(token)));
    api.answerAlways(Answer.status(200));
    try (OAuthClient client = clientOf(server).maxWait(Duration.ZERO).build()) {
      assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
          .isInstanceOf(MalformedAnswerException.class)
          .hasMessageContaining("RFC 6750 section 2.1")
          .hasMessageNotContaining(token);
      assertThatThrownBy(() -> get(over(client, api), api.uri("/x")))
          .isInstanceOf(IOException.class);
      assertThat(api.requests()).isEmpty();
    }
    ProviderProfile profile = ProviderProfile.builder().anyTokenCharacter().build();
    try (OAuthClient client = clientOf(server).profile(profile).build()) {
      get(over(client, api), api.uri("/x"));
    }
    assertThat(api.requests()).hasSize(1);
    assertThat(api.requests().get(0).headers("Authorization")).containsExactly("Bearer " + token);
  }

  @Spec("BR-02")
  @Test
  void theWholeToken68AlphabetIsSent(ScriptedAuthorizationServer server, ScriptedApi api)
      throws Exception {
    String token = "azAZ09-._~+/==";
    server.answerAlways(Answer.json(200, answerWith(token)));
    api.answerAlways(Answer.status(200));
    try (OAuthClient client = clientOf(server).build()) {
      get(over(client, api), api.uri("/x"));
    }
    assertThat(api.requests().get(0).headers("Authorization")).containsExactly("Bearer " + token);
  }

  @Spec("BR-02")
  @Test
  void aFixedTokenIsHeldToTheSameAlphabet() {
    for (String token : List.of("a b", "a,b", "", "a\r\nb", "\u00e4")) {
      assertThatThrownBy(() -> TokenSource.fixed(token))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(TokenSource.fixed("azAZ09-._~+/==").token().value()).isEqualTo("azAZ09-._~+/==");
  }

  // ---- what a refusal leads to

  @Spec("BR-07")
  @Test
  void invalidTokenDropsTheTokenThatWasSentAndRetriesOnce(
      ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    try (OAuthClient client = clientOf(server).build()) {
      HttpClient http = over(client, api);
      assertThat(get(http, api.uri("/x")).statusCode()).isEqualTo(200);
      server.revokeAllAccessTokens();

      assertThat(get(http, api.uri("/x")).statusCode()).isEqualTo(200);

      assertThat(server.tokenRequests()).hasSize(2);
      assertThat(api.requests()).hasSize(3);
      assertThat(tokensSent(api).get(1)).isEqualTo(tokensSent(api).get(0));
      assertThat(tokensSent(api).get(2)).isNotEqualTo(tokensSent(api).get(0));
    }
  }

  @Spec("BR-07")
  @Test
  void aSecondInvalidTokenIsHandedOver(ScriptedAuthorizationServer server, ScriptedApi api)
      throws Exception {
    api.answerAlways(refused(401, INVALID_TOKEN));
    try (OAuthClient client = clientOf(server).build()) {
      client.tokens(Grant.clientCredentials()).token();
      HttpResponse<String> response = get(over(client, api), api.uri("/x"));
      assertThat(response.statusCode()).isEqualTo(401);
    }
    assertThat(api.requests()).hasSize(2);
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Spec("BR-07")
  @Test
  void aTokenOtherThanTheOneThatWasRefusedIsNotDropped(
      ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    try (OAuthClient client = clientOf(server).build()) {
      TokenSource tokens = client.tokens(Grant.clientCredentials());
      var old = tokens.token();
      var current = tokens.replacementAsync(old, api.origin(), Duration.ofSeconds(10));
      String newer = current.toCompletableFuture().join().value();

      var again = tokens.replacementAsync(old, api.origin(), Duration.ofSeconds(10));

      assertThat(again.toCompletableFuture().join().value()).isEqualTo(newer);
    }
    assertThat(server.tokenRequests()).hasSize(2);
  }

  private static List<String> tokensSent(ScriptedApi api) {
    return api.requests().stream().map(each -> each.header("Authorization").orElse("")).toList();
  }

  @Spec("BR-08")
  @Test
  void insufficientScopeIsReportedAndNeverRefreshed(
      ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    String challenge = "Bearer error=\"insufficient_scope\", scope=\"w\"";
    try (OAuthClient client = clientOf(server).build()) {
      HttpClient http = over(client, api);
      client.tokens(Grant.clientCredentials()).token();
      for (int status : new int[] {403, 401}) {
        api.answerNext(refused(status, challenge));
        HttpResponse<String> response = get(http, api.uri("/x"));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(Challenge.parse(response.headers().allValues("WWW-Authenticate")))
            .singleElement()
            .satisfies(each -> assertThat(each.scope()).contains("w"));
      }
      api.answerNext(refused(403, INVALID_TOKEN));
      assertThat(get(http, api.uri("/x")).statusCode()).isEqualTo(403);
    }
    assertThat(api.requests()).hasSize(3);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Spec("BR-08")
  @Test
  void invalidRequestIsNotRetried(ScriptedAuthorizationServer server, ScriptedApi api)
      throws Exception {
    try (OAuthClient client = clientOf(server).build()) {
      api.answerNext(refused(400, "Bearer error=\"invalid_request\""));
      assertThat(get(over(client, api), api.uri("/x")).statusCode()).isEqualTo(400);
      assertThat(api.requests()).hasSize(1);
      api.answerNext(refused(401, "Bearer error=\"invalid_request\""));
      assertThat(getAsync(over(client, api), api.uri("/x")).statusCode()).isEqualTo(401);
      assertThat(api.requests()).hasSize(2);
    }
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Spec("BR-09")
  @Test
  void nothingInAChallengeIsActedUponUnchecked(ScriptedAuthorizationServer server, ScriptedApi api)
      throws Exception {
    try (ScriptedApi foreign = ScriptedApi.open();
        OAuthClient client = clientOf(server).build()) {
      String challenge =
          INVALID_TOKEN
              + ", scope=\"admin \\\\evil\", realm=\"%s\", resource_metadata=\"%s\", error_uri=\"%s\""
                  .formatted(foreign.uri("/r"), foreign.uri("/m"), foreign.uri("/e"));
      api.answerNext(refused(401, challenge));
      client.tokens(Grant.clientCredentials()).token();

      HttpResponse<String> response = get(over(client, api), api.uri("/x"));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(foreign.requests()).isEmpty();
      assertThat(server.tokenRequests())
          .hasSize(2)
          .allSatisfy(each -> assertThat(each.form()).doesNotContainKey("scope"));
    }
  }

  @Spec("BR-09")
  @Test
  void aScopeFromAChallengeIsCheckedBeforeItIsAskedFor() {
    Challenge good = Challenge.parse(List.of("Bearer scope=\"a b\"")).get(0);
    assertThat(Grant.clientCredentials().scope(good.scope().orElseThrow()).scope().tokens())
        .containsExactly("a", "b");

    for (String bad : List.of("a \\\"b", "a\\\\b", "a\u00e4", "a\tb", "a  b", "")) {
      String scope =
          Challenge.parse(List.of("Bearer scope=\"" + bad + "\"")).get(0).scope().orElseThrow();
      assertThatThrownBy(() -> Grant.clientCredentials().scope(scope))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Challenge.parse(List.of("Bearer scope=\"" + "s".repeat(20_000) + "\""))).isEmpty();
  }

  // ---- no token, no request

  @Spec("BR-10")
  @Test
  void withoutATokenNothingIsSent(ScriptedAuthorizationServer server, ScriptedApi api) {
    List<Answer> troubles =
        List.of(
            Answer.status(503),
            Answer.reset(),
            Answer.json(401, "{\"error\":\"invalid_client\"}"),
            Answer.json(400, "{\"error\":\"invalid_scope\"}"),
            Answer.json(200, "{}"),
            Answer.text(200, "text/html", "<p>"));
    OAuthClientBuilder builder = clientOf(server).maxWait(Duration.ofMillis(100));
    for (Answer trouble : troubles) {
      server.answerAlways(trouble);
      try (OAuthClient client = builder.build()) {
        sendsNothing(client, over(client, api), api);
        sendsNothing(
            client,
            client
                .http()
                .bind(Grant.clientCredentials(), api.origin().toString())
                .allowUnbound()
                .maxWait(Duration.ofMillis(50))
                .build(),
            api);
      }
    }
  }

  @Spec("BR-10")
  @Test
  void withTheAuthorizationServerGoneNothingIsSent(
      ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    OAuthClientBuilder builder = clientOf(server).maxWait(Duration.ofMillis(100));
    try (OAuthClient client = builder.build()) {
      assertThat(get(over(client, api), api.uri("/x")).statusCode()).isEqualTo(200);
    }
    server.close();
    try (OAuthClient client = builder.build()) {
      sendsNothing(client, over(client, api), api, 1);
    }
  }

  private static void sendsNothing(OAuthClient client, HttpClient http, ScriptedApi api) {
    sendsNothing(client, http, api, 0);
  }

  private static void sendsNothing(
      OAuthClient client, HttpClient http, ScriptedApi api, int before) {
    assertThatThrownBy(() -> get(http, api.uri("/x"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> getAsync(http, api.uri("/x"))).isInstanceOf(IOException.class);
    assertThatThrownBy(
            () ->
                http.newWebSocketBuilder()
                    .buildAsync(socketOf(api), new WebSocket.Listener() {})
                    .join())
        .hasCauseInstanceOf(IOException.class);
    assertThat(api.requests()).as(client.diagnose()).hasSize(before);
  }
}
