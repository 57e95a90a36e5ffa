package dev.everbearer.login;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.granted;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.Proof;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.DeviceGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.Endpoint;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.AuthorizationDetail;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A person logs in on another device (RFC 8628). */
@ExtendWith(ScriptedServers.class)
class DeviceLoginTest {

  private static final String ENDPOINT = "device_authorization_endpoint";
  private static final DeviceGrant GRANT = Grant.device().scope("read");
  private static final String PENDING = "authorization_pending";

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final List<DeviceCode> shown = new CopyOnWriteArrayList<>();

  DeviceLoginTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.clock = clock;
    this.server = server;
  }

  /** A person who says yes as soon as the code is shown. */
  private void approve(DeviceCode code) {
    shown.add(code);
    server.device().approve(code.userCode());
  }

  private OAuthClientBuilder builder(Consumer<DeviceCode> prompt) {
    return RemoteLogin.client(server, clock).login(Login.onAnotherDevice(prompt));
  }

  private TokenSet fetch() {
    try (OAuthClient client = builder(this::approve).build()) {
      return client.fetch(GRANT);
    }
  }

  private LoginFailedException refuse(OAuthClientBuilder builder) {
    try (OAuthClient client = builder.build()) {
      return refusal(LoginFailedException.class, () -> client.fetch(GRANT));
    }
  }

  private List<Long> gaps() {
    return RemoteLogin.gaps(server, ENDPOINT);
  }

  private static Answer error(int status, String code) {
    return Answer.json(status, "{\"error\":\"%s\"}".formatted(code));
  }

  private static Answer begun(String members) {
    return Answer.json(
        200,
        ("{\"device_code\":\"d\",\"user_code\":\"U-1\",\"expires_in\":600,"
                + "\"verification_uri\":\"https://id.example.com/device\"%s}")
            .formatted(members));
  }

  private void answerBegin(Answer answer) {
    server.script(server.endpoint(ENDPOINT).getPath()).answerNext(answer);
  }

  // ---- the request and its answer

  @Test
  @Spec({"DV-01", "CA-05"})
  void theRequestNamesWhatIsAskedForAndTheClient() {
    try (OAuthClient client = builder(this::approve).build()) {
      client.fetch(
          GRANT.resource("https://api.example.com/").audience("api").parameter("tenant", "a"));
    }
    assertThat(RemoteLogin.onlyRequest(server, ENDPOINT).bodyText())
        .isEqualTo("scope=read&resource=https%3A%2F%2Fapi.example.com%2F&audience=api&tenant=a");
    assertThat(RemoteLogin.onlyRequest(server, ENDPOINT).header("Authorization")).isPresent();
    assertThat(server.tokenRequests().get(0).form())
        .containsOnlyKeys("grant_type", "device_code")
        .containsEntry("grant_type", List.of("urn:ietf:params:oauth:grant-type:device_code"));
  }

  @Test
  @Spec("RA-01")
  void theDetailsStandInTheRequestThatBeginsTheLogin() {
    AuthorizationDetail detail = AuthorizationDetail.of("payment").with("to", "Bob");
    try (OAuthClient client = builder(this::approve).build()) {
      client.fetch(GRANT.authorizationDetails(detail));
    }
    assertThat(RemoteLogin.onlyRequest(server, ENDPOINT).form())
        .containsEntry("authorization_details", List.of("[{\"to\":\"Bob\",\"type\":\"payment\"}]"));
    assertThat(server.tokenRequests().get(0).form()).doesNotContainKey("authorization_details");
  }

  @Test
  @Spec({"DP-08", "DP-10"})
  void aNonceThatIsWantedOfAQuestionIsGivenAtOnceAndTheLoginGoesOn() {
    server.dpop().require(true).requireNonce(true).rotateNonceOnEveryAnswer(true);
    server.device().answerPolls(PENDING, PENDING);
    try (OAuthClient client = builder(this::approve).dpop().build()) {
      assertThat(client.fetch(GRANT).accessToken().keyThumbprint())
          .isEqualTo(client.dpopThumbprint());
    }
    List<RecordedRequest> questions = server.tokenRequests();
    assertThat(questions).as("one challenge, at first").hasSize(4);
    assertThat(questions)
        .allSatisfy(sent -> assertThat(sent.headers("DPoP")).hasSize(1))
        .extracting(sent -> sent.form().get("device_code"))
        .containsOnly(questions.get(0).form().get("device_code"));
    assertThat(Proof.of(questions.get(0)).claims()).doesNotContainKey("nonce");
    assertThat(questions.stream().skip(1).map(sent -> Proof.of(sent).claim("nonce")))
        .doesNotContainNull()
        .doesNotHaveDuplicates();
    assertThat(gaps()).containsExactly(5L, 0L, 5L, 5L);
  }

  @Test
  @Spec("DV-01")
  void aPublicClientNamesItselfInBothRequests() {
    server.registerPublicClient("tv");
    try (OAuthClient client =
        builder(this::approve).authentication(ClientAuthentication.none("tv")).build()) {
      client.fetch(GRANT);
    }
    assertThat(RemoteLogin.onlyRequest(server, ENDPOINT).bodyText())
        .isEqualTo("scope=read&client_id=tv");
    assertThat(server.tokenRequests().get(0).form()).containsEntry("client_id", List.of("tv"));
  }

  @Test
  @Spec("DV-01")
  void withoutMetadataTheEndpointIsGiven() {
    server.registerPublicClient("tv");
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .endpoint(Endpoint.DEVICE_AUTHORIZATION, server.endpoint(ENDPOINT).toString())
            .authentication(ClientAuthentication.none("tv"))
            .login(Login.onAnotherDevice(code -> {}))
            .build()) {
      answerBegin(error(400, "invalid_scope"));
      LoginFailedException refusal = refusal(LoginFailedException.class, () -> client.fetch(GRANT));
      assertThat(refusal.error()).contains("invalid_scope");
    }
  }

  @Test
  @Spec("DV-01")
  void aServerWithoutTheEndpointIsNamed() {
    server.withoutMetadata(ENDPOINT);
    assertThat(refuse(builder(this::approve)))
        .hasMessageContaining("its metadata has no device_authorization_endpoint");
  }

  @ParameterizedTest
  @Spec("DV-01")
  @CsvSource({
    "device_code,it has no device_code",
    "user_code,it has no user_code",
    "verification_uri,it has no verification_uri",
    "expires_in,it has no expires_in"
  })
  void anAnswerWithoutWhatIsNeededEndsTheLogin(String member, String why) {
    server.alterAnswers(
        ENDPOINT,
        answer -> {
          answer.remove(member);
          return answer;
        });
    assertThat(refuse(builder(this::approve))).hasMessageContainingAll("device", why);
    assertThat(shown).isEmpty();
    assertThat(server.tokenRequests()).isEmpty();
  }

  @ParameterizedTest
  @Spec("DV-01")
  @ValueSource(
      strings = {
        "{\"device_code\":7,\"user_code\":\"u\",\"verification_uri\":\"https://a.test\",\"expires_in\":9}",
        "{\"device_code\":\"d\",\"user_code\":\" \",\"verification_uri\":\"https://a.test\",\"expires_in\":9}",
        "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":[],\"expires_in\":9}",
        "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"https://a.test\",\"expires_in\":0}",
        "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"https://a.test\",\"expires_in\":\"x\"}",
        "[]",
        "{"
      })
  void anOddAnswerEndsTheLogin(String json) {
    answerBegin(Answer.json(200, json));
    refuse(builder(this::approve));
    assertThat(shown).isEmpty();
    assertThat(server.tokenRequests()).isEmpty();
  }

  @ParameterizedTest
  @Spec("DV-01")
  @CsvSource(
      delimiter = '|',
      value = {
        "''|5",
        ",\"interval\":null|5",
        ",\"interval\":0|5",
        ",\"interval\":-3|5",
        ",\"interval\":\"7\"|5",
        ",\"interval\":true|5",
        ",\"interval\":7|7",
        ",\"interval\":2.5|3",
        ",\"interval\":1e-99|1"
      })
  void anOddIntervalCountsAsFiveSeconds(String member, long seconds) {
    answerBegin(begun(member));
    server.answerNext(granted(""));
    try (OAuthClient client = builder(shown::add).build()) {
      client.fetch(GRANT);
    }
    assertThat(gaps()).containsExactly(seconds);
  }

  @Test
  @Spec("PQ-20")
  void verificationUrlIsTakenForTheUri() {
    server.alterAnswers(
        ENDPOINT,
        answer -> {
          answer.put("verification_url", answer.remove("verification_uri"));
          return answer;
        });
    fetch();
    assertThat(shown).extracting(DeviceCode::verificationUri).isNotEmpty();
  }

  @Test
  void aBusyServerIsAskedAgainBeforeThePersonIs() {
    answerBegin(Answer.status(503));
    assertThat(fetch().accessToken().value()).isNotEmpty();
    assertThat(shown).hasSize(1);
  }

  // ---- what the person is shown

  @Test
  @Spec("DV-07")
  void thePersonIsShownCodeAndAddressBesideTheCompleteOne() {
    fetch();
    DeviceCode code = shown.get(0);
    assertThat(code.userCode()).matches("[A-Z]{4}-[A-Z]{4}");
    assertThat(code.verificationUriComplete())
        .contains(URI.create(code.verificationUri() + "?user_code=" + code.userCode()));
    assertThat(code.expiresAt())
        .isEqualTo(
            RemoteLogin.onlyRequest(server, ENDPOINT).arrival().plus(Duration.ofMinutes(10)));
    assertThat(code.instruction())
        .isEqualTo(
            "To log in, open %s on any device and enter the code %s."
                .formatted(code.verificationUri(), code.userCode()));
    assertThat(code.toString()).doesNotContain(code.userCode());
  }

  @Test
  @Spec({"DV-07", "SE-16"})
  void controlCharactersAreNotShown() {
    answerBegin(
        begun(",\"interval\":1")
            .sentAs(
                Answer.json(
                    200,
                    "{\"device_code\":\"d\",\"user_code\":\"\\u001b[2JAB\\u202eCD\\n\",\"expires_in\":60,"
                        + "\"verification_uri\":\"https://id.example.com/\\u0007device\"}")));
    server.answerNext(granted(""));
    try (OAuthClient client = builder(shown::add).build()) {
      client.fetch(GRANT);
    }
    assertThat(shown.get(0).userCode()).isEqualTo("[2JABCD");
    assertThat(shown.get(0).verificationUri()).hasToString("https://id.example.com/device");
  }

  @ParameterizedTest
  @Spec("DV-07")
  @ValueSource(
      strings = {
        "http://id.example.com/device",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://user@id.example.com/",
        "id.example.com/device",
        "https://a b"
      })
  void nobodyIsSentToAnAddressThatIsNotHttps(String uri) {
    answerBegin(
        Answer.json(
            200,
            "{\"device_code\":\"d\",\"user_code\":\"u\",\"expires_in\":60,\"verification_uri\":\"%s\"}"
                .formatted(uri)));
    assertThat(refuse(builder(shown::add))).hasMessageContaining("no https URL");
    assertThat(shown).isEmpty();
    assertThat(server.tokenRequests()).isEmpty();
  }

  @Test
  @Spec("DV-07")
  void aCompleteAddressThatIsNotHttpsIsLeftOut() {
    answerBegin(begun(",\"verification_uri_complete\":\"http://id.example.com/?c=1\""));
    server.answerNext(granted(""));
    try (OAuthClient client = builder(shown::add).build()) {
      client.fetch(GRANT);
    }
    assertThat(shown.get(0).verificationUriComplete()).isEmpty();
  }

  @Test
  void aPromptThatFailsEndsTheLogin() {
    assertThat(
            refuse(
                builder(
                    code -> {
                      throw new IllegalStateException(CANARY);
                    })))
        .hasMessageContaining("the code could not be shown (java.lang.IllegalStateException)");
    assertThat(server.tokenRequests()).isEmpty();
  }

  // ---- how often the server is asked

  @Test
  @Spec("DV-02")
  void thereIsOneIntervalBeforeEachQuestionTheFirstIncluded() {
    server.device().interval(Duration.ofSeconds(7)).answerPolls(PENDING, PENDING);
    fetch();
    assertThat(gaps()).containsExactly(7L, 7L, 7L);
  }

  @Test
  @Spec("DV-02")
  void theIntervalCountsFromTheEndOfTheAnswer() {
    server.device().answerPolls(PENDING);
    server.answerNext(
        Answer.computedFrom(
            request -> {
              clock.advance(Duration.ofSeconds(3));
              return Answer.healthy();
            }));
    fetch();
    assertThat(gaps()).containsExactly(5L, 8L);
  }

  @Test
  @Spec("DV-03")
  void slowDownAddsFiveSecondsForGood() {
    server.device().answerPolls(PENDING, "slow_down", PENDING, "slow_down", PENDING);
    fetch();
    assertThat(gaps()).containsExactly(5L, 5L, 10L, 10L, 15L, 15L);
  }

  @ParameterizedTest
  @Spec({"DV-03", "PQ-20"})
  @CsvSource({"30,30", "6,10", "\"30\",10", "-1,10"})
  void aLargerIntervalBesideSlowDownWins(String interval, long seconds) {
    server.answerNext(
        Answer.json(400, "{\"error\":\"slow_down\",\"interval\":%s}".formatted(interval)));
    server.device().answerPolls(PENDING);
    fetch();
    assertThat(gaps()).containsExactly(5L, seconds, seconds);
  }

  @ParameterizedTest
  @Spec({"DV-04", "PQ-20"})
  @ValueSource(ints = {200, 400, 403, 428})
  void pendingGoesOnWhateverItsStatus(int status) {
    server.answerNext(error(status, PENDING), error(status, PENDING));
    fetch();
    assertThat(gaps()).containsExactly(5L, 5L, 5L);
  }

  @ParameterizedTest
  @Spec("DV-04")
  @CsvSource({
    "access_denied,the person or the server declined",
    "expired_token,nobody decided in time",
    "invalid_grant,its code is over",
    "invalid_client,it refuses the request",
    "made_up,it refuses the request"
  })
  void anyOtherErrorStopsAtOnce(String error, String meaning) {
    LoginFailedException refusal =
        refuse(
            builder(
                code -> {
                  shown.add(code);
                  server.device().fail(code.userCode(), error);
                }));
    assertThat(refusal.error()).contains(error);
    assertThat(refusal).hasMessageContainingAll("answered " + error, meaning);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("DV-04")
  void anAnswerThatIsNoneStopsAtOnce() {
    server.answerNext(Answer.text(200, "text/html", "<p>" + CANARY));
    assertThat(refuse(builder(this::approve))).hasMessageContaining("cannot be used");
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec({"DV-05", "LC-28"})
  void aServerThatFailsOrIsSilentIsAskedHalfAsOften() {
    server.answerNext(Answer.reset(), Answer.status(503), Answer.hang(), error(400, PENDING));
    try (OAuthClient client =
        builder(this::approve).exchangeTimeout(Duration.ofMillis(500)).build()) {
      client.fetch(GRANT);
    }
    assertThat(gaps()).containsExactly(5L, 10L, 20L, 40L, 40L);
  }

  @Test
  @Spec("DV-05")
  void itIsAskedOnceAMinuteAtLeast() {
    Answer[] troubles = Collections.nCopies(6, Answer.status(500)).toArray(Answer[]::new);
    server.answerNext(troubles);
    fetch();
    assertThat(gaps()).containsExactly(5L, 10L, 20L, 40L, 60L, 60L, 60L);
  }

  @Test
  @Spec("DV-05")
  void retryAfterIsObeyed() {
    server.answerNext(Answer.json(429, "{}").header("Retry-After", "45"), error(400, PENDING));
    fetch();
    assertThat(gaps()).containsExactly(5L, 45L, 10L);
  }

  // ---- until when

  @Test
  @Spec("DV-06")
  void itStopsWhenTheCodeIsOver() {
    server.device().lifetime(Duration.ofSeconds(17));
    LoginFailedException refusal = refuse(builder(shown::add));
    assertThat(refusal).hasMessageContaining("nobody decided within 17 s");
    assertThat(gaps()).containsExactly(5L, 5L, 5L);
  }

  @Test
  @Spec("DV-06")
  void whatWentWrongLastIsSaidAtTheEnd() {
    server.device().lifetime(Duration.ofSeconds(20));
    server.answerAlways(Answer.status(503));
    assertThat(refuse(builder(shown::add)))
        .hasMessageContainingAll("nobody decided within 20 s", "The last question failed", "503");
  }

  @Test
  @Spec("DV-06")
  void aMachineThatSleptPastTheEndAsksNoMore() {
    OAuthClientBuilder sleepy =
        RemoteLogin.client(server, clock, () -> clock.sleepMachine(Duration.ofHours(1)))
            .login(Login.onAnotherDevice(shown::add));
    assertThat(refuse(sleepy)).hasMessageContaining("nobody decided within 600 s");
    assertThat(server.tokenRequests()).isEmpty();
  }

  @Test
  @Spec("DV-06")
  void aMachineThatSleptAWhileAsksInNoBurst() {
    OAuthClientBuilder sleepy =
        RemoteLogin.client(server, clock, () -> clock.sleepMachine(Duration.ofMinutes(1)))
            .login(Login.onAnotherDevice(this::approve));
    server.device().answerPolls(PENDING, PENDING);
    try (OAuthClient client = sleepy.build()) {
      client.fetch(GRANT);
    }
    assertThat(gaps()).containsExactly(65L, 65L, 65L);
  }

  @Test
  @Spec("DV-06")
  void aWallClockThatIsSetBackGivesNoMoreTime() {
    OAuthClientBuilder setBack =
        RemoteLogin.client(server, clock, () -> clock.stepWall(Duration.ofSeconds(-5)))
            .login(Login.onAnotherDevice(shown::add));
    server.answerAlways(error(400, PENDING));
    refuse(setBack);
    assertThat(server.tokenRequests()).hasSize(119);
  }

  @Test
  void closingTheClientEndsTheLogin() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    OAuthClient client = builder(code -> asked.countDown()).scheduler(clock.scheduler()).build();
    var waiting = client.tokens(GRANT).tokenAsync(Duration.ofMinutes(5)).toCompletableFuture();
    asked.await();
    client.close();
    assertThat(waiting)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(SourceClosedException.class);
  }

  // ---- what it brings

  @Test
  void aSourceAsksThePersonOnceAndGoesOnByTheRefreshToken() {
    try (OAuthClient client = builder(this::approve).scheduler(clock.scheduler()).build()) {
      TokenSource source = client.tokens(GRANT);
      AccessToken first = await(source);
      clock.advance(Duration.ofHours(1));
      AccessToken second = await(source);

      assertThat(second).isNotEqualTo(first);
      assertThat(shown).hasSize(1);
      assertThat(server.tokenRequests())
          .last()
          .satisfies(
              request ->
                  assertThat(request.form()).containsEntry("grant_type", List.of("refresh_token")));
    }
  }

  /** Time passes while somebody waits. */
  private AccessToken await(TokenSource source) {
    var waiting = source.tokenAsync(Duration.ofMinutes(5)).toCompletableFuture();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              clock.advance(Duration.ofSeconds(1));
              return waiting.isDone();
            });
    return waiting.join();
  }

  @Test
  void aLoginForOpenidHasItsIdTokenValidated() {
    try (OAuthClient client = builder(this::approve).build()) {
      TokenSet tokens = client.fetch(GRANT.scope("openid"));
      assertThat(tokens.validatedIdToken().orElseThrow().claims()).containsEntry("aud", ID);
    }
  }

  @Test
  void anIdTokenThatIsNotGoodEndsTheLogin() {
    server.alterAnswers(
        "token_endpoint",
        answer -> {
          answer.remove("id_token");
          return answer;
        });
    try (OAuthClient client = builder(this::approve).build()) {
      assertThat(refusal(LoginFailedException.class, () -> client.fetch(GRANT.scope("openid"))))
          .hasMessageContaining("without an ID token");
    }
  }

  // ---- how it is configured

  @Test
  void withoutAPromptNobodyIsAsked() {
    for (OAuthClientBuilder builder :
        List.of(
            RemoteLogin.client(server, clock),
            RemoteLogin.client(server, clock).login(Login.inBrowser(url -> {})))) {
      try (OAuthClient client = builder.build()) {
        assertThatThrownBy(() -> client.fetch(GRANT))
            .isInstanceOf(LoginRequiredException.class)
            .hasMessageContaining("configure it by login(...)");
      }
    }
    assertThat(server.requestsTo(ENDPOINT)).isEmpty();
  }

  @Test
  void aPromptIsForDeviceGrantsAlone() {
    try (OAuthClient client = builder(this::approve).build()) {
      assertThatThrownBy(() -> client.fetch(Grant.authorizationCode()))
          .isInstanceOf(LoginRequiredException.class);
    }
    assertThat(shown).isEmpty();
  }

  @Test
  void aClientCanHaveBothWays() {
    OAuthClientBuilder both =
        RemoteLogin.client(server, clock)
            .login(
                Login.inBrowser(url -> {})
                    .timeLimit(Duration.ofMinutes(1))
                    .orOnAnotherDevice(this::approve));
    try (OAuthClient client = both.build()) {
      assertThat(client.fetch(GRANT).accessToken().value()).isNotEmpty();
    }
  }
}
