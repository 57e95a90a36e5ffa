package dev.everbearer;

import static dev.everbearer.AtIssuer.clientOf;
import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.Introspection;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import dev.everbearer.token.ServerUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Introspection (RFC 7662): what is asked, which answers count, and what a token is good for. */
@ExtendWith(ScriptedServers.class)
class IntrospectionTest {

  private static final Secret TOKEN = Secret.of(CANARY + "-token");
  private static final Duration SHORT = Duration.ofMillis(300);

  private SettableClock clock;
  private ScriptedAuthorizationServer server;

  @BeforeEach
  void start(SettableClock settable, ScriptedAuthorizationServer scripted) {
    clock = settable;
    server = scripted;
  }

  private OAuthClientBuilder client() {
    return clientOf(server)
        .clocks(clock, clock::nanoTime)
        .maxWait(Duration.ZERO)
        .exchangeTimeout(Duration.ofSeconds(5));
  }

  private List<RecordedRequest> introspections() {
    return server.requestsTo("introspection_endpoint");
  }

  private void answer(String json) {
    server.script(server.introspectionEndpoint().getPath()).answerAlways(Answer.json(200, json));
  }

  private void answerActive(String members) {
    answer("{\"active\":true" + (members.isEmpty() ? "" : "," + members) + "}");
  }

  private Introspection introspect() {
    try (OAuthClient client = client().build()) {
      return client.introspector().build().introspect(TOKEN);
    }
  }

  // ---- the request

  @Test
  @Spec({"IN-01", "CA-05"})
  void aTokenIsPostedByAnAuthenticatedClient() {
    try (OAuthClient client = client().build()) {
      Introspector introspector = client.introspector().build();
      String token = server.issueAccessToken(ID, "a", "b");

      Introspection answer = introspector.introspect(Secret.of(token));

      assertThat(introspections().get(0).bodyText()).isEqualTo("token=" + token);
      assertThat(introspections().get(0).header("Authorization")).isPresent();
      assertThat(answer.isActive()).isTrue();
      assertThat(answer.clientId()).contains(ID);
      assertThat(answer.scope()).contains(Scope.of("a", "b"));
      assertThat(answer.tokenType()).contains("Bearer");
      assertThat(answer.expiresAt()).contains(clock.instant().plusSeconds(300));

      introspector.introspect(Secret.of(token), "refresh_token");
      assertThat(introspections().get(1).bodyText())
          .isEqualTo("token=" + token + "&token_type_hint=refresh_token");
    }
  }

  @Test
  @Spec("CA-05")
  void itsOwnListOfMethodsIsHonoured() {
    server.registerClient(ID, SECRET);
    server.metadata(
        Map.of("introspection_endpoint_auth_methods_supported", List.of("client_secret_post")));
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .authentication(ClientAuthentication.clientSecret(ID, () -> SECRET))
            .build()) {
      client.introspector().build().introspect(TOKEN);
      assertThat(introspections().get(0).header("Authorization")).isEmpty();
      assertThat(introspections().get(0).form()).containsKey("client_secret");
    }
  }

  // ---- the answer

  @Test
  void whatIsNoScopeTokenIsLeftOutOfTheScope() {
    answerActive("\"scope\":\" a  b\\\"c \u00e9 d \"");
    assertThat(introspect().scope()).contains(Scope.of("a", "d"));
    answerActive("\"scope\":\"\u00e9\"");
    assertThat(introspect().scope()).contains(Scope.none());
  }

  @Test
  void everyMemberIsRead() {
    answerActive(
        """
        "scope":"a b","client_id":"c","username":"u","token_type":"DPoP","exp":1900000000.5,
        "iat":1800000000,"nbf":1800000001,"sub":"s","aud":["x","y"],"iss":"https://i",
        "cnf":{"jkt":"thumb"},"extra":[1]
        """);
    Introspection answer = introspect();
    assertThat(answer.username()).contains("u");
    assertThat(answer.expiresAt().orElseThrow().getEpochSecond()).isEqualTo(1_900_000_000L);
    assertThat(answer.issuedAt().orElseThrow().getEpochSecond()).isEqualTo(1_800_000_000L);
    assertThat(answer.notBefore().orElseThrow().getEpochSecond()).isEqualTo(1_800_000_001L);
    assertThat(answer.subject()).contains("s");
    assertThat(answer.audience()).containsExactly("x", "y");
    assertThat(answer.issuer()).contains("https://i");
    assertThat(answer.confirmation()).isEqualTo(Map.of("jkt", "thumb"));
    assertThat(answer.members()).containsKeys("extra", "active");
    assertThat(answer).hasToString("Introspection[active, until 2030-03-17T17:46:40Z]");
  }

  @ParameterizedTest
  @Spec({"IN-01", "PQ-28"})
  @ValueSource(
      strings = {
        "{}",
        "{\"active\":\"true\"}",
        "{\"active\":1}",
        "{\"active\":null}",
        "{\"active\":[true]}",
        "{\"active\":false,\"active\":true}",
        "{\"active\":true} x",
        "{\"active\":true,\"exp\":NaN}",
        "[true]",
        ""
      })
  void anAnswerWithoutABooleanActiveIsNoAnswer(String body) {
    for (ProviderProfile profile : List.of(ProviderProfile.standard(), ProviderProfile.strict())) {
      answer(body);
      try (OAuthClient client = client().profile(profile).build()) {
        Introspector introspector = client.introspector().build();
        assertRefusal(
            refusal(MalformedAnswerException.class, () -> introspector.introspect(TOKEN)),
            FailureKind.MALFORMED,
            200,
            "introspection endpoint " + server.introspectionEndpoint());
      }
    }
  }

  @ParameterizedTest
  @Spec("IN-03")
  @ValueSource(
      strings = {
        "\"exp\":\"soon\"",
        "\"exp\":-1",
        "\"nbf\":true",
        "\"aud\":{}",
        "\"aud\":[1]",
        "\"iss\":1",
        "\"cnf\":\"thumb\"",
        "\"sub\":[]"
      })
  void aLimitThatCannotBeReadMakesTheAnswerUseless(String member) {
    answerActive(member);
    refusal(MalformedAnswerException.class, this::introspect);
  }

  @Test
  void whatStandsBesideInactiveIsOfNoInterest() {
    answer("{\"active\":false,\"sub\":\"somebody\",\"exp\":\"junk\"}");
    assertThat(introspect().members()).isEqualTo(Map.of("active", false));
    assertThat(introspect()).hasToString("Introspection[not active]");
  }

  @Test
  void aStrictProfileWantsTheMediaType() {
    Answer text = Answer.status(200).header("Content-Type", "text/html");
    server.script(server.introspectionEndpoint().getPath()).answerAlways(text);
    refusal(MalformedAnswerException.class, this::introspect);
  }

  // ---- active, not active, unknown

  @Test
  @Spec("IN-02")
  void notActiveIsANormalAnswer() {
    assertThat(introspect().isActive()).isFalse();
  }

  @ParameterizedTest
  @Spec("IN-02")
  @CsvSource({
    "400, '{\"error\":\"invalid_request\"}'",
    "401, '{\"error\":\"invalid_client\"}'",
    "403, '{\"error\":\"access_denied\"}'",
    "200, '{\"error\":\"invalid_request\"}'"
  })
  void anErrorSaysNothingOfTheToken(int status, String body) {
    server.script(server.introspectionEndpoint().getPath()).answerAlways(Answer.json(status, body));
    refusal(OAuthErrorException.class, this::introspect);
  }

  @ParameterizedTest
  @Spec("IN-02")
  @ValueSource(ints = {403, 429, 500, 503})
  void aServerInTroubleSaysNothingOfTheToken(int status) {
    server
        .script(server.introspectionEndpoint().getPath())
        .answerAlways(Answer.json(status, "{\"active\":false}"));
    try (OAuthClient client =
        clientOf(server).maxWait(Duration.ZERO).exchangeTimeout(SHORT).build()) {
      Introspector introspector = client.introspector().build();
      refusal(ServerUnavailableException.class, () -> introspector.introspect(TOKEN));
    }
  }

  @Test
  @Spec("IN-02")
  void noAnswerInTimeSaysNothingOfTheToken() {
    server.script(server.introspectionEndpoint().getPath()).answerAlways(Answer.hang());
    try (OAuthClient client =
        clientOf(server).maxWait(Duration.ZERO).exchangeTimeout(SHORT).build()) {
      Introspector introspector = client.introspector().build();
      refusal(ServerUnavailableException.class, () -> introspector.introspect(TOKEN));
    }
  }

  // ---- what binds when a token is judged

  private boolean isGood(String members) {
    return isGood(members, Map.of());
  }

  private boolean isGood(String members, Map<String, String> proven) {
    answerActive(members);
    try (OAuthClient client = client().build()) {
      Introspector introspector =
          client.introspector().audience("api", "other").issuer("https://i").build();
      return introspector.objection(introspector.introspect(TOKEN), proven).isEmpty();
    }
  }

  private static final String FOR_US = "\"aud\":\"api\",\"iss\":\"https://i\"";

  @Test
  @Spec("IN-03")
  void aTokenForUsIsGood() {
    assertThat(isGood(FOR_US)).isTrue();
    assertThat(isGood("\"aud\":[\"x\",\"other\"],\"iss\":\"https://i\"")).isTrue();
  }

  @ParameterizedTest
  @Spec("IN-03")
  @ValueSource(
      strings = {
        "\"iss\":\"https://i\"",
        "\"aud\":\"API\",\"iss\":\"https://i\"",
        "\"aud\":\"api\"",
        "\"aud\":\"api\",\"iss\":\"https://i/\""
      })
  void aTokenForOthersOrOfOthersIsNot(String members) {
    assertThat(isGood(members)).isFalse();
  }

  @Test
  @Spec("IN-03")
  void theTimesBind() {
    long now = clock.instant().getEpochSecond();
    assertThat(isGood(FOR_US + ",\"exp\":" + (now + 1))).isTrue();
    assertThat(isGood(FOR_US + ",\"exp\":" + now)).isFalse();
    assertThat(isGood(FOR_US + ",\"nbf\":" + (now + 60))).isTrue();
    assertThat(isGood(FOR_US + ",\"nbf\":" + (now + 61))).isFalse();
  }

  @Test
  @Spec("IN-03")
  void aBoundTokenIsGoodForTheHolderOfItsKeyAlone() {
    String bound = FOR_US + ",\"cnf\":{\"jkt\":\"mine\"}";
    assertThat(isGood(bound)).isFalse();
    assertThat(isGood(bound, Map.of("jkt", "other"))).isFalse();
    assertThat(isGood(bound, Map.of("x5t#S256", "mine"))).isFalse();
    assertThat(isGood(bound, Map.of("jkt", "mine"))).isTrue();
    assertThat(isGood(FOR_US + ",\"cnf\":{\"new\":{}}")).isFalse();
  }

  @Test
  @Spec("IN-03")
  void aTokenThatIsNotActiveIsNot() {
    try (OAuthClient client = client().build()) {
      Introspector introspector = client.introspector().build();
      assertThat(introspector.objection(introspector.introspect(TOKEN)))
          .hasValueSatisfying(why -> assertThat(why).contains("not active"));
    }
  }

  // ---- what is kept

  @Test
  @Spec("IN-03")
  void nothingIsKeptUnlessAskedFor() {
    try (OAuthClient client = client().build()) {
      Introspector introspector = client.introspector().build();
      introspector.introspect(TOKEN);
      introspector.introspect(TOKEN);
      assertThat(introspections()).hasSize(2);
    }
  }

  @Test
  @Spec("IN-03")
  void anAnswerIsKeptUpToTheCap() {
    try (OAuthClient client = client().build()) {
      Introspector introspector = client.introspector().cache(10, Duration.ofSeconds(30)).build();
      Secret token = Secret.of(server.issueAccessToken(ID));
      introspector.introspect(token);
      clock.advance(Duration.ofMillis(29_999));
      introspector.introspect(token);
      assertThat(introspections()).hasSize(1);
      clock.advance(Duration.ofMillis(1));
      introspector.introspect(token);
      assertThat(introspections()).hasSize(2);
    }
  }

  @Test
  @Spec("IN-03")
  void anAnswerIsNotKeptBeyondTheEndOfTheToken() {
    server.accessTokenLifetime(Duration.ofSeconds(10));
    try (OAuthClient client = client().build()) {
      Introspector introspector = client.introspector().cache(10, Duration.ofHours(1)).build();
      Secret token = Secret.of(server.issueAccessToken(ID));
      assertThat(introspector.introspect(token).isActive()).isTrue();
      clock.advance(Duration.ofSeconds(9));
      introspector.introspect(token);
      assertThat(introspections()).hasSize(1);
      clock.advance(Duration.ofSeconds(1));
      assertThat(introspector.introspect(token).isActive()).isFalse();
    }
  }

  @Test
  void theCacheIsBounded() {
    try (OAuthClient client = client().build()) {
      Introspector introspector = client.introspector().cache(2, Duration.ofHours(1)).build();
      for (String token : List.of("a", "b", "a", "c", "a")) {
        introspector.introspect(Secret.of(token));
      }
      assertThat(introspections()).hasSize(3);
      introspector.introspect(Secret.of("b"));
      assertThat(introspections()).hasSize(4);
    }
  }

  @Test
  void aFailureIsNotKept() {
    server
        .script(server.introspectionEndpoint().getPath())
        .answerNext(Answer.json(400, "{\"error\":\"invalid_request\"}"), Answer.healthy());
    try (OAuthClient client = client().build()) {
      Introspector introspector = client.introspector().cache(2, Duration.ofHours(1)).build();
      refusal(OAuthErrorException.class, () -> introspector.introspect(TOKEN));
      assertThat(introspector.introspect(TOKEN).isActive()).isFalse();
    }
  }

  @Test
  void aCacheOfNothingIsRefused() {
    try (OAuthClient client = client().build()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> client.introspector().cache(0, Duration.ofSeconds(1)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> client.introspector().cache(1, Duration.ZERO));
    }
  }
}
