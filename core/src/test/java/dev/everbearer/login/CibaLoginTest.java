package dev.everbearer.login;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.granted;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.Proof;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.AssertionSource;
import dev.everbearer.grant.CibaGrant;
import dev.everbearer.grant.CibaHint;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AuthorizationDetail;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.TokenSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server asks a person on a device of theirs (OpenID Connect CIBA Core 1.0). */
@ExtendWith(ScriptedServers.class)
class CibaLoginTest {

  private static final String ENDPOINT = "backchannel_authentication_endpoint";
  private static final CibaGrant GRANT = Grant.ciba(CibaHint.loginHint("alice"));
  private static final String PENDING = "authorization_pending";

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;

  CibaLoginTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.clock = clock;
    this.server = server;
  }

  /** Whatever the person decides, they have before the first question. */
  private OAuthClientBuilder deciding(Runnable decision) {
    return RemoteLogin.client(server, clock, decision);
  }

  private void approve() {
    server.ciba().authReqIds().forEach(server.ciba()::approve);
  }

  private TokenSet fetch(Grant grant) {
    try (OAuthClient client = deciding(this::approve).build()) {
      return client.fetch(grant);
    }
  }

  private LoginFailedException refuse(OAuthClientBuilder builder) {
    try (OAuthClient client = builder.build()) {
      return refusal(LoginFailedException.class, () -> client.fetch(GRANT));
    }
  }

  private RecordedRequest begun() {
    return RemoteLogin.onlyRequest(server, ENDPOINT);
  }

  private List<Long> gaps() {
    return RemoteLogin.gaps(server, ENDPOINT);
  }

  // ---- the request

  @Test
  @Spec({"CB-01", "CA-05"})
  void theRequestIsAuthenticatedAndNamesOnePersonAndOpenid() {
    TokenSet tokens = fetch(GRANT);
    assertThat(begun().bodyText()).isEqualTo("scope=openid&login_hint=alice");
    assertThat(begun().header("Authorization")).isPresent();
    assertThat(tokens.validatedIdToken().orElseThrow().claims()).containsEntry("aud", ID);
    assertThat(server.tokenRequests().get(0).form())
        .containsOnlyKeys("grant_type", "auth_req_id")
        .containsEntry("grant_type", List.of("urn:openid:params:grant-type:ciba"));
  }

  @Test
  @Spec("CB-01")
  void whatElseIsAskedForIsSent() {
    AtomicReference<String> code = new AtomicReference<>("1234");
    fetch(
        GRANT
            .scope("openid", "pay")
            .bindingMessage("Pay 7 €")
            .requestedExpiry(Duration.ofMinutes(1))
            .userCode(AssertionSource.supplier("code", code::get))
            .parameter("acr_values", "high"));
    assertThat(begun().form())
        .containsEntry("scope", List.of("openid pay"))
        .containsEntry("binding_message", List.of("Pay 7 €"))
        .containsEntry("requested_expiry", List.of("60"))
        .containsEntry("user_code", List.of("1234"))
        .containsEntry("acr_values", List.of("high"));
  }

  @Test
  @Spec("RA-01")
  void theDetailsStandInTheRequestThatBeginsTheLogin() {
    AuthorizationDetail detail = AuthorizationDetail.of("payment").with("to", "Bob");
    fetch(GRANT.authorizationDetails(detail));
    assertThat(RemoteLogin.onlyRequest(server, ENDPOINT).form())
        .containsEntry("authorization_details", List.of("[{\"to\":\"Bob\",\"type\":\"payment\"}]"));
    assertThat(server.tokenRequests().get(0).form()).doesNotContainKey("authorization_details");
  }

  @Test
  @Spec({"DP-08", "DP-10"})
  void aNonceThatIsWantedOfAQuestionIsGivenAtOnceAndTheLoginGoesOn() {
    server.dpop().require(true).requireNonce(true).rotateNonceOnEveryAnswer(true);
    server.ciba().answerPolls(PENDING, PENDING);
    try (OAuthClient client = deciding(this::approve).dpop().build()) {
      assertThat(client.fetch(GRANT).accessToken().keyThumbprint())
          .isEqualTo(client.dpopThumbprint());
    }
    List<RecordedRequest> questions = server.tokenRequests();
    assertThat(questions).as("one challenge, at first").hasSize(4);
    assertThat(questions)
        .allSatisfy(sent -> assertThat(sent.headers("DPoP")).hasSize(1))
        .extracting(sent -> sent.form().get("auth_req_id"))
        .containsOnly(questions.get(0).form().get("auth_req_id"));
    assertThat(Proof.of(questions.get(0)).claims()).doesNotContainKey("nonce");
    assertThat(questions.stream().skip(1).map(sent -> Proof.of(sent).claim("nonce")))
        .doesNotContainNull()
        .doesNotHaveDuplicates();
    assertThat(gaps()).containsExactly(5L, 0L, 5L, 5L);
  }

  @Test
  @Spec("CB-01")
  void thereIsExactlyOneHint() {
    fetch(Grant.ciba(CibaHint.idTokenHint(AssertionSource.of("id.token"))));
    assertThat(begun().form())
        .containsEntry("id_token_hint", List.of("id.token"))
        .doesNotContainKeys("login_hint", "login_hint_token");

    assertThatThrownBy(() -> CibaHint.loginHint(" ")).isInstanceOf(IllegalArgumentException.class);
    for (String other : List.of("login_hint", "login_hint_token", "id_token_hint")) {
      assertThatThrownBy(() -> GRANT.parameter(other, "bob"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("set by the library");
    }
  }

  @Test
  @Spec("CB-01")
  void aHintTokenIsReadAnewForEachLogin() {
    AtomicReference<String> token = new AtomicReference<>("first");
    Grant grant = Grant.ciba(CibaHint.loginHintToken(AssertionSource.supplier("t", token::get)));
    fetch(grant);
    token.set("second");
    fetch(grant);
    assertThat(server.requestsTo(ENDPOINT))
        .map(request -> request.form().get("login_hint_token").get(0))
        .containsExactly("first", "second");
  }

  @Test
  @Spec("CB-01")
  void theScopeHoldsOpenid() {
    assertThatThrownBy(() -> GRANT.scope("pay"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds openid");
  }

  @ParameterizedTest
  @Spec("CB-01")
  @ValueSource(longs = {0, -1000, 999})
  void theExpiryThatIsAskedForIsPositive(long millis) {
    Duration expiry = Duration.ofMillis(millis);
    assertThatThrownBy(() -> GRANT.requestedExpiry(expiry))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Spec("CB-01")
  void aPublicClientCannotHavePeopleAsked() {
    try (OAuthClient client =
        deciding(this::approve).authentication(ClientAuthentication.none("app")).build()) {
      assertThatThrownBy(() -> client.fetch(GRANT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("clients that can prove who they are");
    }
    assertThat(server.requestsTo(ENDPOINT)).isEmpty();
  }

  // ---- its answer

  @ParameterizedTest
  @Spec("CB-02")
  @ValueSource(strings = {"auth_req_id", "expires_in"})
  void anAnswerWithoutWhatIsNeededEndsTheLogin(String member) {
    server.alterAnswers(
        ENDPOINT,
        answer -> {
          answer.remove(member);
          return answer;
        });
    assertThat(refuse(deciding(() -> {}))).hasMessageContaining("it has no " + member);
    assertThat(server.tokenRequests()).isEmpty();
  }

  @ParameterizedTest
  @Spec("CB-02")
  @CsvSource({"'',5", "',\"interval\":31',31", "',\"interval\":0',5"})
  void theIntervalIsFiveSecondsUnlessSaid(String member, long seconds) {
    server
        .script(server.endpoint(ENDPOINT).getPath())
        .answerNext(
            Answer.json(200, "{\"auth_req_id\":\"i\",\"expires_in\":120%s}".formatted(member)));
    server.answerNext(Answer.json(400, "{\"error\":\"access_denied\"}"));
    refuse(deciding(() -> {}));
    assertThat(gaps()).containsExactly(seconds);
  }

  // ---- how often the server is asked

  @Test
  @Spec("CB-03")
  void theRulesOfPollingAreThoseOfTheDeviceGrant() {
    server
        .ciba()
        .interval(Duration.ofSeconds(11))
        .answerPolls(PENDING, PENDING, PENDING, "slow_down");
    server.answerNext(Answer.healthy(), Answer.status(503));
    fetch(GRANT);
    assertThat(gaps()).containsExactly(11L, 11L, 22L, 22L, 22L, 27L);
  }

  @Test
  @Spec("CB-03")
  void aLongIntervalIsKeptFromTheFirstQuestionOn() {
    server
        .ciba()
        .lifetime(Duration.ofMinutes(5))
        .interval(Duration.ofSeconds(31))
        .answerPolls(PENDING, PENDING, PENDING, "slow_down", PENDING);
    fetch(GRANT);
    assertThat(gaps()).containsExactly(31L, 31L, 31L, 31L, 36L, 36L);
  }

  @Test
  @Spec("CB-03")
  void invalidRequestStopsForThatId() {
    server.answerNext(Answer.json(400, "{\"error\":\"invalid_request\"}"));
    assertThat(refuse(deciding(() -> {})).error()).contains("invalid_request");
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("CB-03")
  void itStopsWhenTheLoginIsOver() {
    server.ciba().lifetime(Duration.ofSeconds(12));
    assertThat(refuse(deciding(() -> {}))).hasMessageContaining("nobody decided within 12 s");
    assertThat(gaps()).containsExactly(5L, 5L);
  }

  @ParameterizedTest
  @Spec("CB-06")
  @CsvSource({
    "access_denied,the person or the server declined",
    "expired_token,nobody decided in time",
    "transaction_failed,could not get the person's decision"
  })
  void eachEndIsNamed(String error, String meaning) {
    LoginFailedException refusal =
        refuse(
            deciding(
                () -> server.ciba().authReqIds().forEach(id -> server.ciba().fail(id, error))));
    assertThat(refusal.error()).contains(error);
    assertThat(refusal).hasMessageContaining(meaning);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @ParameterizedTest
  @Spec("CB-06")
  @CsvSource({
    "unknown_user_id,does not know the person",
    "expired_login_hint_token,the hint is over",
    "missing_user_code,wants the person's user code",
    "invalid_user_code,user code is wrong",
    "invalid_binding_message,Shorten it",
    "access_denied,declined"
  })
  void eachRefusalToAskIsNamed(String error, String meaning) {
    server
        .script(server.endpoint(ENDPOINT).getPath())
        .answerNext(Answer.json(400, "{\"error\":\"%s\"}".formatted(error)));
    LoginFailedException refusal = refuse(deciding(() -> {}));
    assertThat(refusal.error()).contains(error);
    assertThat(refusal).hasMessageContaining(meaning);
    assertThat(server.requestsTo(ENDPOINT)).hasSize(1);
    assertThat(server.tokenRequests()).isEmpty();
  }

  // ---- notifications

  private void registerForPing() {
    server.registerClient(ID, SECRET);
    server.clientMetadata(ID, Map.of("backchannel_token_delivery_mode", "ping"));
    server.ciba().pingOnDecision(false).interval(Duration.ofSeconds(20));
  }

  private String notificationToken() {
    return begun().form().get("client_notification_token").get(0);
  }

  private static String body(String id) {
    return "{\"auth_req_id\":\"%s\"}".formatted(id);
  }

  @Test
  @Spec("CB-04")
  void theNotificationTokenIsOf256RandomBitsAndNewEachTime() {
    registerForPing();
    try (OAuthClient client = deciding(this::approve).cibaPing().build()) {
      client.fetch(GRANT);
      client.fetch(GRANT);
    }
    assertThat(server.requestsTo(ENDPOINT))
        .map(request -> request.form().get("client_notification_token").get(0))
        .allMatch(token -> token.matches("[A-Za-z0-9_-]{43}"))
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  /** A client whose login is notified during its first wait, with the statuses that it answers. */
  private List<Integer> statusesOf(Notification... notifications) {
    registerForPing();
    List<Integer> statuses = new CopyOnWriteArrayList<>();
    AtomicReference<@Nullable CibaNotifications> receiver = new AtomicReference<>();
    OAuthClientBuilder builder =
        deciding(
            () -> {
              if (statuses.isEmpty()) {
                String id = server.ciba().authReqIds().get(0);
                for (Notification each : notifications) {
                  statuses.add(each.send(receiver.get(), id));
                }
                approve();
              }
            });
    try (OAuthClient client = builder.cibaPing().build()) {
      receiver.set(client.cibaNotifications());
      client.fetch(GRANT);
    }
    return statuses;
  }

  private interface Notification {
    int send(CibaNotifications receiver, String id);
  }

  @Test
  @Spec("CB-04")
  void theRightTokenIsAnsweredNoContentAndAnyOtherUnauthorized() {
    assertThat(
            statusesOf(
                (to, id) -> to.notified("Bearer " + notificationToken(), body(id)),
                (to, id) -> to.notified("bearer " + notificationToken(), body(id)),
                (to, id) -> to.notified("Bearer " + CANARY, body(id)),
                (to, id) -> to.notified("Basic " + notificationToken(), body(id)),
                (to, id) -> to.notified("Bearer ", body(id)),
                (to, id) -> to.notified("", body(id)),
                (to, id) -> to.notified(null, body(id))))
        .containsExactly(204, 204, 401, 401, 401, 401, 401);
  }

  @Test
  @Spec("CB-04")
  void aBodyThatCannotBeReadIsABadRequest() {
    assertThat(
            statusesOf(
                (to, id) -> to.notified("Bearer " + notificationToken(), ""),
                (to, id) -> to.notified("Bearer " + notificationToken(), "{}"),
                (to, id) -> to.notified("Bearer " + notificationToken(), "{\"auth_req_id\":7}")))
        .containsOnly(400);
  }

  @Test
  @Spec("CB-04")
  void theTokenOfALoginThatIsOverIsUnknown() {
    registerForPing();
    try (OAuthClient client = deciding(this::approve).cibaPing().build()) {
      client.fetch(GRANT);
      assertThat(client.cibaNotifications().notified("Bearer " + notificationToken(), body("any")))
          .isEqualTo(401);
    }
  }

  /** Notifies during each of the first two answers of the token endpoint. */
  private void fetchNotified(Notification notification) {
    registerForPing();
    server.ciba().answerPolls(PENDING, PENDING);
    AtomicReference<@Nullable CibaNotifications> receiver = new AtomicReference<>();
    try (OAuthClient client = deciding(() -> {}).cibaPing().build()) {
      receiver.set(client.cibaNotifications());
      Answer notifying =
          Answer.computedFrom(
              request -> {
                int unused =
                    notification.send(receiver.get(), request.form().get("auth_req_id").get(0));
                return Answer.healthy();
              });
      Answer last =
          Answer.computedFrom(
              request -> {
                approve();
                return Answer.healthy();
              });
      server.answerNext(notifying, notifying, last);
      client.fetch(GRANT);
    }
  }

  @Test
  @Spec({"CB-04", "CB-05"})
  void aNotificationHasTheTokenEndpointAskedAtOnceAndARepeatedOneDoesNot() {
    fetchNotified((to, id) -> to.notified("Bearer " + notificationToken(), body(id)));
    assertThat(gaps()).containsExactly(20L, 0L, 20L);
  }

  @Test
  @Spec("CB-05")
  void aForgedIdOrTokenIsIgnored() {
    fetchNotified(
        (to, id) -> {
          int forgedId = to.notified("Bearer " + notificationToken(), body("forged"));
          return forgedId + to.notified("Bearer forged", body(id));
        });
    assertThat(gaps()).containsExactly(20L, 20L, 20L);
  }

  @Test
  @Spec("CB-05")
  void aNotificationThatNeverComesIsNotNeeded() {
    registerForPing();
    server.ciba().answerPolls(PENDING);
    try (OAuthClient client = deciding(this::approve).cibaPing().build()) {
      assertThat(client.fetch(GRANT).accessToken().value()).isNotEmpty();
    }
    assertThat(gaps()).containsExactly(20L, 20L);
  }

  @ParameterizedTest
  @Spec("CB-05")
  @CsvSource({"early,0", "forged,20"})
  void aNotificationBeforeTheAnswerThatNamesTheLoginCountsIfItNamesTheSame(
      String id, long seconds) {
    registerForPing();
    server.ciba().answerPolls(PENDING);
    AtomicReference<@Nullable CibaNotifications> receiver = new AtomicReference<>();
    server
        .script(server.endpoint(ENDPOINT).getPath())
        .answerNext(
            Answer.computedFrom(
                request -> {
                  String token = request.form().get("client_notification_token").get(0);
                  int unused = receiver.get().notified("Bearer " + token, body(id));
                  return Answer.json(
                      200, "{\"auth_req_id\":\"early\",\"expires_in\":120,\"interval\":20}");
                }));
    server.answerNext(granted("\"id_token\":\"x\""));
    server.withoutMetadata("jwks_uri");
    try (OAuthClient client = deciding(() -> {}).cibaPing().build()) {
      receiver.set(client.cibaNotifications());
      client.fetch(GRANT);
    }
    assertThat(gaps()).containsExactly(seconds);
  }

  @Test
  void aClientThatIsNotPingedSaysSo() {
    try (OAuthClient client = deciding(() -> {}).build()) {
      assertThatThrownBy(client::cibaNotifications)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cibaPing()");
    }
  }

  // ---- the grant

  @Test
  void equalGrantsAskTheSamePersonForTheSame() {
    assertThat(GRANT)
        .isEqualTo(Grant.ciba(CibaHint.loginHint("alice")))
        .hasSameHashCodeAs(Grant.ciba(CibaHint.loginHint("alice")))
        .isNotEqualTo(Grant.ciba(CibaHint.loginHint("bob")))
        .isNotEqualTo(GRANT.bindingMessage("a"))
        .isNotEqualTo(GRANT.subject("other"))
        .isNotEqualTo(GRANT.userCode(AssertionSource.of("1")));
    assertThat(GRANT.subject()).isEqualTo("alice");
    assertThat(CibaHint.loginHintToken(AssertionSource.of(CANARY)).toString())
        .doesNotContain(CANARY);
  }
}
