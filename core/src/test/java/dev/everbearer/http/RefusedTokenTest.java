package dev.everbearer.http;

import static dev.everbearer.http.Scene.GRANT;
import static dev.everbearer.http.Scene.downForLong;
import static dev.everbearer.http.Scene.get;
import static dev.everbearer.http.Scene.http;
import static dev.everbearer.http.Scene.invalidToken;
import static dev.everbearer.http.Scene.refusal;
import static dev.everbearer.http.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.challenge.Challenge;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.ServerUnavailableException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows when an API refuses a request, by status and challenge. */
@ExtendWith(ScriptedServers.class)
class RefusedTokenTest {

  private static final Duration TRUSTED = Duration.ofSeconds(5);

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private OAuthClient client;
  private HttpClient http;

  RefusedTokenTest(SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = server;
    this.api = api;
  }

  @BeforeEach
  void aTokenIsInHand() throws Exception {
    client = Scene.client(server, clock).build();
    http = http(client, api);
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    api.clearRequests();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private List<String> tokensSent() {
    return api.requests().stream()
        .map(RecordedRequest::headers)
        .map(
            headers ->
                headers.stream()
                    .filter(header -> header.name().equalsIgnoreCase("Authorization"))
                    .map(header -> header.value())
                    .findFirst()
                    .orElse(""))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  @Spec({"LC-30", "BR-07", "O1-01"})
  void invalidTokenIsAnsweredByOneRenewalAndOneReplay(Way way) throws Exception {
    server.revokeAllAccessTokens();
    HttpResponse<String> response = way.call(http, request(api).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(2);
    assertThat(tokensSent()).hasSize(2).doesNotHaveDuplicates().allMatch(t -> !t.isEmpty());
  }

  @Test
  @Spec({"LC-30", "BR-07"})
  void aDPoPChallengeSaysInvalidTokenAsWell() throws Exception {
    api.answerNext(refusal("DPoP error=\"invalid_token\", algs=\"ES256\""));
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  @Spec({"LC-30", "BR-07"})
  void aNewerTokenInHandIsUsedWithoutAskingTheServer() throws Exception {
    api.answerNext(Answer.hang());
    var slow = http.sendAsync(request(api).build(), BodyHandlers.ofString());
    api.awaitHung(1, Duration.ofSeconds(10));
    server.revokeAllAccessTokens();
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(2);
    api.releaseHung();
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(2);
    assertThat(tokensSent().get(tokensSent().size() - 1)).isEqualTo(tokensSent().get(2));
  }

  @ParameterizedTest
  @EnumSource
  @Spec("LC-30")
  void whenNoOtherTokenCanBeHadThe401GoesToTheCallerAndOtherApisGoOn(Way way) throws Exception {
    try (ScriptedApi other = ScriptedApi.protectedBy(server)) {
      HttpClient both =
          client.http().bind(GRANT, api.origin().toString(), other.origin().toString()).build();
      server.answerAlways(downForLong());
      api.answerAlways(invalidToken());
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> refused =
            way.call(both, request(api).build(), BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).isEqualTo("{\"refused\":true}");
        assertThat(way.call(both, request(other).build(), BodyHandlers.ofString()).statusCode())
            .isEqualTo(200);
      }
      assertThat(api.requestCount()).isEqualTo(3);
      assertThat(server.tokenRequests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Basic realm=\"api\"", "Bearer realm=\"api\"", "???", "Basic x=\"Bearer\""})
  @Spec("LC-31")
  void withoutAUsableChallengeOnlyAnOlderTokenIsRenewed(String challenge) throws Exception {
    Answer bare = challenge.isEmpty() ? Answer.status(401) : refusal(challenge);
    clock.advance(TRUSTED);
    api.answerNext(bare);
    assertThat(get(http, api).statusCode()).isEqualTo(401);
    assertThat(server.tokenRequests()).hasSize(1);
    assertThat(api.requestCount()).isEqualTo(1);

    clock.advance(Duration.ofMillis(1));
    api.answerNext(bare);
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(2);
    assertThat(api.requestCount()).isEqualTo(3);
  }

  // ---- APIs that refuse a token otherwise

  private static final String OVER =
      "OAuth \"Facebook Platform\" \"invalid_token\" \"Session has expired\"";

  private static Answer bad(String challenge) {
    return Answer.json(400, "{\"error\":{\"code\":190}}").header("WWW-Authenticate", challenge);
  }

  private OAuthClient facebook() {
    return Scene.client(server, clock).profile(ProviderProfile.named("facebook")).build();
  }

  @ParameterizedTest
  @EnumSource
  @Spec("PQ-18")
  void aRefusalByAnotherStatusIsHandedOverByDefault(Way way) throws Exception {
    clock.advance(TRUSTED.multipliedBy(2));
    api.answerNext(bad(OVER));
    assertThat(way.call(http, request(api).build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(400);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  @Spec("PQ-18")
  void aRefusalThatTheProfileKnowsIsAnsweredByOneRenewalAndOneReplay(Way way) throws Exception {
    try (OAuthClient known = facebook()) {
      HttpClient graph = http(known, api);
      assertThat(get(graph, api).statusCode()).isEqualTo(200);
      api.clearRequests();
      int before = server.tokenRequests().size();
      api.answerNext(bad(OVER));
      assertThat(way.call(graph, request(api).build(), BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
      assertThat(tokensSent()).hasSize(2).doesNotHaveDuplicates();
      assertThat(server.tokenRequests()).hasSize(before + 1);
    }
  }

  @Test
  @Spec("PQ-18")
  void aKnownRefusalIsBoundedAndOtherErrorsAreNone() throws Exception {
    try (OAuthClient known = facebook()) {
      HttpClient graph = http(known, api);
      int before = server.tokenRequests().size();
      api.answerNext(bad("OAuth \"Facebook Platform\" \"invalid_request\" \"x\""));
      assertThat(get(graph, api).statusCode()).isEqualTo(400);
      assertThat(server.tokenRequests()).hasSize(before + 1);
      api.answerAlways(bad(OVER));
      for (int i = 0; i < 20; i++) {
        assertThat(get(graph, api).statusCode()).isEqualTo(400);
      }
      assertThat(server.tokenRequests()).hasSize(before + 1 + 3);
    }
  }

  @Test
  @Spec("PQ-18")
  void onlyAnswersThatBlameTheRequestAreAskedAbout() throws Exception {
    ProviderProfile always =
        ProviderProfile.builder().tokenRefusal((status, headers) -> true).build();
    ProviderProfile broken =
        ProviderProfile.builder()
            .tokenRefusal(
                (status, headers) -> {
                  throw new IllegalStateException("broken");
                })
            .build();
    for (int status : new int[] {200, 204, 500, 503}) {
      assertThat(renewalsOf(always, status)).as("%d", status).isZero();
    }
    assertThat(renewalsOf(always, 404)).isEqualTo(1);
    assertThat(renewalsOf(broken, 404)).isZero();
  }

  private int renewalsOf(ProviderProfile profile, int status) throws Exception {
    try (OAuthClient known = Scene.client(server, clock).profile(profile).build()) {
      int before = server.tokenRequests().size();
      api.answerNext(Answer.status(status));
      get(http(known, api), api);
      return server.tokenRequests().size() - before - 1;
    }
  }

  @Test
  @Spec("PQ-18")
  void a401WithoutAHeaderRenewsAnOlderTokenInAnyProfile() throws Exception {
    clock.advance(TRUSTED.plusMillis(1));
    api.answerNext(Answer.status(401));
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  @Spec("LC-31")
  void withoutAChallengeFromAnUnboundOriginNothingIsRenewed() throws Exception {
    clock.advance(TRUSTED.multipliedBy(2));
    try (ScriptedApi other = ScriptedApi.protectedBy(server)) {
      HttpClient open = client.http().bind(GRANT, api.origin().toString()).allowUnbound().build();
      assertThat(get(open, other).statusCode()).isEqualTo(401);
      assertThat(other.requests())
          .singleElement()
          .matches(r -> r.header("Authorization").isEmpty());
      assertThat(server.tokenRequests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Spec("LC-32")
  void a401ForTheSuccessorIsHandedOver(Way way) throws Exception {
    api.answerAlways(invalidToken());
    assertThat(way.call(http, request(api).build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(401);
    assertThat(api.requestCount()).isEqualTo(2);
    assertThat(server.tokenRequests()).hasSize(2);
    api.answerHealthy();
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(server.tokenRequests()).as("the successor is kept").hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  @Spec("LC-32")
  void aTokenThatIsRevokedBetweenItsArrivalAndItsFirstUseIsHealedToo(Way way) throws Exception {
    try (OAuthClient cold = Scene.client(server, clock).build()) {
      HttpClient other = http(cold, api);
      api.answerNext(invalidToken());
      assertThat(way.call(other, request(api).build(), BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
      api.answerNext(invalidToken(), invalidToken());
      assertThat(way.call(other, request(api).build(), BodyHandlers.ofString()).statusCode())
          .as("the one obtained for the replay is not renewed again")
          .isEqualTo(401);
    }
  }

  @Test
  @Spec("LC-32")
  void anApiThatAlwaysRefusesForcesThreeRenewalsAMinute() throws Exception {
    api.answerAlways(invalidToken());
    refuse(20);
    assertThat(server.tokenRequests()).hasSize(1 + 3);
    clock.advance(Duration.ofSeconds(60));
    refuse(20);
    assertThat(server.tokenRequests()).as("the minute is not over").hasSize(1 + 3);
    clock.advance(Duration.ofMillis(1));
    refuse(20);
    assertThat(server.tokenRequests()).hasSize(1 + 6);

    try (ScriptedApi other = ScriptedApi.protectedBy(server)) {
      other.answerNext(invalidToken());
      assertThat(get(http(client, other), other).statusCode()).isEqualTo(200);
      assertThat(server.tokenRequests()).as("each API has its own").hasSize(1 + 7);
    }
  }

  private void refuse(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      assertThat(get(http, api).statusCode()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "403 Bearer error=\"insufficient_scope\", scope=\"w\"",
        "403 Bearer error=\"invalid_token\"",
        "400 Bearer error=\"invalid_request\"",
        "401 Bearer error=\"insufficient_scope\", scope=\"w\"",
        "401 Bearer error=\"insufficient_user_authentication\", acr_values=\"high\"",
        "401 DPoP error=\"insufficient_user_authentication\", max_age=1",
        "401 DPoP error=\"invalid_token\", Bearer error=\"insufficient_user_authentication\"",
        "401 DPoP error=\"use_dpop_nonce\"",
        "500 Bearer error=\"invalid_token\"",
      })
  @Spec({"LC-33", "BR-08", "SU-02"})
  void whatIsNotAboutTheTokensLifeNeitherRenewsNorDropsIt(String refusal) throws Exception {
    clock.advance(TRUSTED.multipliedBy(2));
    int status = Integer.parseInt(refusal.substring(0, 3));
    api.answerNext(Answer.status(status).header("WWW-Authenticate", refusal.substring(4)));
    for (Way way : Way.values()) {
      api.clearRequests();
      api.answerHealthy();
      api.answerNext(Answer.status(status).header("WWW-Authenticate", refusal.substring(4)));
      assertThat(way.call(http, request(api).build(), BodyHandlers.ofString()).statusCode())
          .isEqualTo(status);
      assertThat(api.requestCount()).isEqualTo(1);
    }
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("BR-08")
  void theScopeThatIsNeededReachesTheCaller() throws Exception {
    api.answerNext(
        Answer.status(403)
            .header("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"w x\""));
    HttpResponse<String> response = get(http, api);
    assertThat(Challenge.parse(response.headers().allValues("WWW-Authenticate")))
        .singleElement()
        .satisfies(challenge -> assertThat(challenge.parameter("scope")).contains("w x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer error=\"invalid_token\"", "Basic realm=\"proxy\""})
  @Spec("LC-35")
  void aProxysChallengeIsNeverAnswered(String challenge) throws Exception {
    clock.advance(TRUSTED.multipliedBy(2));
    api.answerNext(
        Answer.status(407)
            .header("Proxy-Authenticate", challenge)
            .header("WWW-Authenticate", "Bearer error=\"invalid_token\""));
    assertThat(get(http, api).statusCode()).isEqualTo(407);
    assertThat(api.requests()).singleElement().matches(sent -> noProxyHeader(sent));
    assertThat(server.tokenRequests()).hasSize(1);
    assertThat(http.authenticator()).as("our own client has none").isEmpty();
  }

  private static boolean noProxyHeader(RecordedRequest request) {
    return request.header("Proxy-Authorization").isEmpty();
  }

  @Test
  @Spec("LC-35")
  void a401WithoutAHeaderReachesTheRuleForIt() throws Exception {
    clock.advance(TRUSTED.multipliedBy(2));
    api.answerNext(Answer.status(401));
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  @Spec("BR-10")
  void withoutATokenNothingIsSent(Way way) {
    server.answerAlways(downForLong());
    try (OAuthClient cold = Scene.client(server, clock).build()) {
      HttpClient other = http(cold, api);
      assertThatThrownBy(() -> way.call(other, request(api).build(), BodyHandlers.ofString()))
          .isInstanceOf(OAuthIOException.class)
          .hasCauseInstanceOf(ServerUnavailableException.class);
    }
    assertThat(api.requestCount()).isZero();
  }

  @Test
  @Spec("BR-10")
  void anExpiredTokenIsNotSentEither() {
    server.answerAlways(downForLong());
    clock.advance(Duration.ofMinutes(10));
    assertThatThrownBy(() -> get(http, api)).isInstanceOf(OAuthIOException.class);
    assertThat(api.requestCount()).isZero();
  }
}
