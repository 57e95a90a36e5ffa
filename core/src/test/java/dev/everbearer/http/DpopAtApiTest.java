package dev.everbearer.http;

import static dev.everbearer.http.Scene.GRANT;
import static dev.everbearer.http.Scene.get;
import static dev.everbearer.http.Scene.http;
import static dev.everbearer.http.Scene.refusal;
import static dev.everbearer.http.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.CapturedLogs;
import dev.everbearer.Exchanges;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.Proof;
import dev.everbearer.ProofGate;
import dev.everbearer.client.DpopKey;
import dev.everbearer.client.SigningKey;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.jose.Signatures;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.SenderKeyException;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are bound to a key, sent to APIs that check every proof. */
@Timeout(60)
@ExtendWith(ScriptedServers.class)
class DpopAtApiTest {

  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private ProofGate tokens;
  private ProofGate gate;
  private OAuthClient client;
  private HttpClient http;

  DpopAtApiTest(ScriptedAuthorizationServer server, ScriptedApi api) {
    this.server = server;
    this.api = api;
  }

  @BeforeEach
  void open() {
    tokens = ProofGate.at(server);
    gate = ProofGate.at(api, tokens);
    client = dpop().build();
    http = http(client, api);
  }

  @AfterEach
  void close() {
    assertThat(tokens.strangeNonces()).isEmpty();
    assertThat(gate.strangeNonces()).isEmpty();
    client.close();
  }

  private OAuthClientBuilder dpop() {
    return Scene.client(server).dpop();
  }

  private Proof proof(int request) {
    return Proof.of(api.requests().get(request));
  }

  private static Answer wantsNonce(String challenges) {
    return refusal(challenges);
  }

  // ---- the proof

  @ParameterizedTest
  @EnumSource
  @Spec({"DP-02", "DP-03", "DP-06"})
  void aRequestCarriesTheTokenAndAProofForIt(Way way) throws Exception {
    HttpRequest put =
        HttpRequest.newBuilder(api.uri("/a/%7Eb?secret=1"))
            .PUT(BodyPublishers.ofString("body"))
            .build();
    assertThat(way.call(http, put, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    assertThat(api.requests().get(0).headers("Authorization")).containsExactly("DPoP bound-1");
    assertThat(proof(0).claims())
        .containsOnlyKeys("jti", "htm", "htu", "iat", "ath")
        .containsEntry("htm", "PUT")
        .containsEntry("htu", api.uri("/a/%7Eb").toString())
        .containsEntry("ath", Proof.hash("bound-1"));
    assertThat(proof(0).thumbprint()).isEqualTo(client.dpopThumbprint().orElseThrow());
  }

  @Test
  @Spec("DP-04")
  void everyRequestHasItsOwnProof() throws Exception {
    get(http, api);
    get(http, api);
    assertThat(proof(0).claim("jti")).isNotEqualTo(proof(1).claim("jti"));
  }

  @Test
  @Spec("DP-05")
  void aProofOfTheCallersOwnIsReplaced() throws Exception {
    HttpResponse<String> response =
        http.send(
            request(api).header("DPoP", "theirs").header("dpop", "again").build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(api.requests().get(0).headers("DPoP")).hasSize(1).doesNotContain("theirs", "again");
  }

  @Test
  @Spec("DP-05")
  void aRequestWithTheCallersOwnTokenKeepsTheCallersOwnProof() throws Exception {
    http.send(
        request(api).header("Authorization", "DPoP mine").header("DPoP", "mine").build(),
        BodyHandlers.ofString());
    assertThat(api.requests().get(0).headers("DPoP")).containsExactly("mine");
  }

  @Test
  @Spec({"DP-04", "DP-03"})
  void aFollowedRedirectGetsAProofForItsTarget() throws Exception {
    HttpClient following =
        client.http().bind(GRANT, api.origin().toString()).followSameOriginRedirects().build();
    api.script("/data").answerNext(Answer.redirect(307, URI.create("/moved?to=here")));
    assertThat(get(following, api).statusCode()).isEqualTo(200);
    assertThat(proof(1).claim("htu")).isEqualTo(api.uri("/moved").toString());
    assertThat(proof(1).claim("jti")).isNotEqualTo(proof(0).claim("jti"));
  }

  @Test
  @Spec("DP-05")
  void aWebSocketHandshakeHasOneProofForItsHttpUri() throws Exception {
    URI ws = URI.create(api.uri("/ws").toString().replace("http:", "ws:"));
    WebSocket.Builder builder =
        http.newWebSocketBuilder().header("DPoP", "theirs").connectTimeout(Duration.ofSeconds(10));
    gate.wants("nonce-of-the-api");
    api.script("/ws").answerNext(gate.answer(), Answer.status(404));
    assertThatThrownBy(() -> Way.get(builder.buildAsync(ws, new WebSocket.Listener() {})))
        .isInstanceOf(java.net.http.WebSocketHandshakeException.class);
    assertThat(api.requests()).hasSize(2);
    assertThat(proof(0).claim("htu")).isEqualTo(api.uri("/ws").toString());
    assertThat(proof(1).claim("nonce")).isEqualTo("nonce-of-the-api");
  }

  // ---- no proof, no request

  @ParameterizedTest
  @EnumSource
  @Spec("DP-06")
  void aKeyThatCannotSignAnyMoreLeavesTheApiSilent(Way way) {
    KeyPair pair = Proof.newPair();
    AtomicBoolean isBroken = new AtomicBoolean();
    SigningKey.Signer service =
        (algorithm, input) -> {
          if (isBroken.get()) {
            throw new IllegalStateException(Exchanges.CANARY);
          }
          return Signatures.sign(SignatureAlgorithm.ES256, pair.getPrivate(), input);
        };
    DpopKey key = DpopKey.of(SigningKey.signedBy(service, pair.getPublic()));
    try (OAuthClient other = Scene.client(server).dpop(key).build()) {
      other.tokens(GRANT).token();
      isBroken.set(true);
      assertThatThrownBy(
              () -> way.call(http(other, api), request(api).build(), BodyHandlers.ofString()))
          .isInstanceOf(OAuthIOException.class)
          .hasCauseInstanceOf(SenderKeyException.class)
          .hasMessageContaining("Nothing was sent to " + api.uri("/data"))
          .hasMessageNotContaining(Exchanges.CANARY);
      assertThat(api.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Spec("DP-06")
  void theChallengeIsHandedOverWhenTheKeyCannotSignAnotherProof(Way way) throws Exception {
    KeyPair pair = Proof.newPair();
    AtomicInteger left = new AtomicInteger(2);
    SigningKey.Signer service =
        (algorithm, input) -> {
          if (left.getAndDecrement() <= 0) {
            throw new IllegalStateException();
          }
          return Signatures.sign(SignatureAlgorithm.ES256, pair.getPrivate(), input);
        };
    DpopKey key = DpopKey.of(SigningKey.signedBy(service, pair.getPublic()));
    try (OAuthClient other = Scene.client(server).dpop(key).build()) {
      gate.wants("nonce");
      HttpResponse<String> response =
          way.call(http(other, api), request(api).build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.body()).contains("refused");
      assertThat(api.requests()).hasSize(1);
    }
  }

  @Test
  @Spec("DP-06")
  void aTokenWithoutItsKeyIsNotSent() {
    AccessToken orphan = AccessToken.dpop("t", "the-thumbprint", null, null, null);
    BearerAuthorizer authorizer =
        BearerAuthorizer.builder().bind(new OneToken(orphan), "https://api.example.com").build();
    Attempt attempt = authorizer.begin(new PlainRequest("https://api.example.com/a", true));
    assertThat(attempt.start())
        .isInstanceOfSatisfying(
            Decision.Wait.class,
            wait ->
                assertThat(wait.next().toCompletableFuture())
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                    .withCauseInstanceOf(SenderKeyException.class)
                    .withMessageContaining("the-thumbprint"));
  }

  // ---- nonces

  @ParameterizedTest
  @EnumSource
  @Spec({"DP-09", "LC-33"})
  void aNonceChallengeIsMetWithTheSameTokenAndANewProof(Way way) throws Exception {
    gate.wants("nonce-1");
    HttpRequest post =
        HttpRequest.newBuilder(api.uri("/data")).POST(BodyPublishers.ofString("body")).build();
    assertThat(way.call(http, post, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    assertThat(api.requests()).hasSize(2);
    assertThat(api.requests())
        .allSatisfy(
            sent -> {
              assertThat(sent.headers("Authorization")).containsExactly("DPoP bound-1");
              assertThat(sent.bodyText()).isEqualTo("body");
            });
    assertThat(proof(1).claim("nonce")).isEqualTo("nonce-1");
    assertThat(proof(1).claim("jti")).isNotEqualTo(proof(0).claim("jti"));
    get(http, api);
    assertThat(proof(2).claim("nonce")).isEqualTo("nonce-1");
    assertThat(server.tokenRequests()).as("no refresh").hasSize(1);
  }

  @ParameterizedTest
  @Spec({"DP-09", "LC-33"})
  @ValueSource(
      strings = {
        "DPoP error=\"use_dpop_nonce\"",
        "dPOP error=use_dpop_nonce",
        "Bearer, DPoP algs=\"ES256\", error=\"use_dpop_nonce\"",
        "Bearer error=\"invalid_token\", DPoP error=\"use_dpop_nonce\", algs=\"ES256\"",
        "DPoP algs=\"ES256\", DPoP error=\"use_dpop_nonce\""
      })
  void aNonceChallengeIsFoundInAnySpellingAndBesideOthers(String challenges) throws Exception {
    api.answerNext(wantsNonce(challenges).header("DPoP-Nonce", "n"));
    gate.wants("n");
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(api.requests()).hasSize(2);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec({"DP-09", "LC-33"})
  void aNonceChallengeWithoutANonceIsHandedOverAndTheTokenKept() throws Exception {
    api.answerNext(wantsNonce("DPoP error=\"use_dpop_nonce\", Bearer error=\"invalid_token\""));
    HttpResponse<String> response = get(http, api);
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).contains("refused");
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(api.requests()).hasSize(2);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("LC-33")
  void aNonceChallengeForABearerTokenRefreshesNothing() throws Exception {
    try (OAuthClient bearer = Scene.client(server).build()) {
      server.answerHealthy();
      api.answerAlways(wantsNonce("DPoP error=\"use_dpop_nonce\"").header("DPoP-Nonce", "n"));
      assertThat(get(http(bearer, api), api).statusCode()).isEqualTo(401);
      assertThat(api.requests()).hasSize(1);
      assertThat(server.tokenRequests()).hasSize(1);
    }
  }

  @Test
  @Spec("DP-11")
  void atMostTwoNonceRetriesAreMade() throws Exception {
    api.answerAlways(
        wantsNonce("DPoP error=\"use_dpop_nonce\"").header("DPoP-Nonce", "never-good"));
    assertThat(get(http, api).statusCode()).isEqualTo(401);
    assertThat(api.requests()).hasSize(3);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @ParameterizedTest
  @Spec("DP-11")
  @ValueSource(ints = {400, 403, 500})
  void anotherStatusWithANonceIsNoReasonToTryAgainAndTheNonceIsKept(int status) throws Exception {
    gate.wants("kept");
    api.answerNext(
        Answer.status(status)
            .header("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"")
            .header("DPoP-Nonce", "kept"));
    assertThat(get(http, api).statusCode()).isEqualTo(status);
    assertThat(api.requests()).hasSize(1);
    get(http, api);
    assertThat(proof(1).claim("nonce")).isEqualTo("kept");
  }

  @Test
  @Spec("DP-10")
  void theNonceOfASuccessIsUsedNext() throws Exception {
    gate.wants("from-a-200");
    api.answerNext(Answer.status(200).header("DPoP-Nonce", "from-a-200"));
    get(http, api);
    get(http, api);
    assertThat(proof(1).claim("nonce")).isEqualTo("from-a-200");
    assertThat(api.requests()).hasSize(2);
  }

  @Test
  @Spec("DP-10")
  void theNoncesOfTwoApisAndTheServerAreNeverMixed() throws Exception {
    try (ScriptedApi second = ScriptedApi.open()) {
      ProofGate secondGate = ProofGate.at(second, tokens);
      tokens.wants("of-the-server");
      gate.wants("of-the-first");
      secondGate.wants("of-the-second");
      HttpClient both =
          client.http().bind(GRANT, api.origin().toString(), second.origin().toString()).build();
      for (int round = 0; round < 3; round++) {
        assertThat(get(both, api).statusCode()).isEqualTo(200);
        assertThat(get(both, second).statusCode()).isEqualTo(200);
        tokens.wants("of-the-server-" + round);
        gate.wants("of-the-first-" + round);
        secondGate.wants("of-the-second-" + round);
        client.tokens(GRANT).invalidate(client.tokens(GRANT).token());
      }
      assertThat(secondGate.strangeNonces()).isEmpty();
    }
  }

  @Test
  @Spec("DP-10")
  void apiAndServerOnOneOriginHaveTheirOwnNonces() throws Exception {
    tokens.wants("of-the-server");
    server.script("/data").answerNext(Answer.status(200).header("DPoP-Nonce", "of-the-api"));
    HttpClient same = client.httpClientFor(server.origin().toString(), GRANT);
    same.send(HttpRequest.newBuilder(server.uri("/data")).build(), BodyHandlers.ofString());
    client.fetch(GRANT);
    assertThat(Proof.of(Exchanges.lastRequest(server)).claim("nonce")).isEqualTo("of-the-server");
    same.send(HttpRequest.newBuilder(server.uri("/other")).build(), BodyHandlers.ofString());
    assertThat(Proof.of(server.requests().get(server.requests().size() - 1)).claim("nonce"))
        .isEqualTo("of-the-api");
  }

  @Test
  @Spec("DP-12")
  void severalNoncesOrBrokenOnesAreIgnored() throws Exception {
    Answer challenge = wantsNonce("DPoP error=\"use_dpop_nonce\"");
    api.answerNext(
        challenge.header("DPoP-Nonce", "a").header("DPoP-Nonce", "b"),
        challenge.header("DPoP-Nonce", "a b"));
    assertThat(get(http, api).statusCode()).isEqualTo(401);
    assertThat(get(http, api).statusCode()).isEqualTo(401);
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(api.requests()).hasSize(3);
    assertThat(proof(2).claim("nonce")).isNull();
  }

  @Test
  @Spec("DP-09")
  void aBodyThatCannotBeSentAgainIsNotButTheNonceIsKeptForTheNext() throws Exception {
    gate.wants("nonce-1");
    HttpRequest once =
        request(api)
            .POST(
                BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream("x".getBytes(StandardCharsets.US_ASCII))))
            .build();
    assertThat(http.send(once, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    assertThat(api.requests()).hasSize(1);
    assertThat(http.send(once, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  // ---- the token is refused

  @ParameterizedTest
  @EnumSource
  @Spec({"DP-04", "DP-09"})
  void aRefusedTokenIsReplacedAndTheReplayMayStillBeAskedForANonce(Way way) throws Exception {
    get(http, api);
    tokens.revokeTokens();
    api.answerNext(gate.answer(), Answer.computedFrom(request -> gate.wants("new").answer()));
    HttpResponse<String> response = way.call(http, request(api).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(api.requests().stream().map(each -> each.header("Authorization").orElseThrow()))
        .containsExactly("DPoP bound-1", "DPoP bound-1", "DPoP bound-2", "DPoP bound-2");
    assertThat(api.requests().stream().map(Proof::of).map(each -> each.claim("jti")))
        .doesNotHaveDuplicates();
  }

  // ---- the proof is refused

  @Test
  @Spec("DP-04")
  void aGetThatThePlatformSentTwiceIsProvenAfresh() throws Exception {
    get(http, api);
    // The API has seen the proof when the pooled connection breaks, and the platform sends it
    // again.
    api.answerNext(gate.answer().sentAs(Answer.closeBeforeAnswer()), gate.answer(), gate.answer());
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(api.requests()).hasSize(4);
    assertThat(proof(2).claim("jti")).as("the platform's own").isEqualTo(proof(1).claim("jti"));
    assertThat(proof(3).claim("jti")).isNotEqualTo(proof(1).claim("jti"));
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec({"DP-04", "DP-15"})
  void aRefusedProofOfAGetIsReplacedOnceAndTheSkewReported() throws Exception {
    api.answerAlways(
        refusal("DPoP error=\"invalid_dpop_proof\"")
            .header("Date", "Tue, 01 Jan 2126 00:00:00 GMT"));
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.http")) {
      assertThat(get(http, api).statusCode()).isEqualTo(401);
      assertThat(api.requests()).hasSize(2);
      get(http, api);
      assertThat(logs.messages(Level.WARNING))
          .as("once a minute")
          .singleElement()
          .asString()
          .contains(api.origin().toString(), "invalid_dpop_proof", "behind the server's");
    }
    assertThat(server.tokenRequests()).as("no refresh").hasSize(1);
  }

  @Test
  @Spec("DP-15")
  void aRefusedProofOfAnyOtherMethodIsNotReplaced() throws Exception {
    api.answerAlways(refusal("DPoP error=\"invalid_dpop_proof\""));
    HttpRequest post = request(api).POST(BodyPublishers.ofString("body")).build();
    assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    assertThat(api.requests()).hasSize(1);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("DP-15")
  void aClientThatRepeatsNothingByItselfGetsNoFreshProof() {
    BearerAuthorizer authorizer =
        BearerAuthorizer.builder().bind(client.tokens(GRANT), "https://api.example.com").build();
    Attempt attempt = authorizer.begin(new PlainRequest("https://api.example.com/a", true));
    ((Decision.Wait) attempt.start()).next().toCompletableFuture().join();
    Decision decision =
        attempt.judge(
            401,
            name ->
                name.equals("WWW-Authenticate")
                    ? List.of("DPoP error=\"invalid_dpop_proof\"")
                    : List.of());
    assertThat(decision).isInstanceOf(Decision.Done.class);
  }

  // ---- a clock that stands still

  @Test
  @Spec("DP-02")
  void theProofIsStampedByTheClientsClock(SettableClock clock) throws Exception {
    try (OAuthClient clocked = Scene.client(server, clock).dpop().build()) {
      get(http(clocked, api), api);
      assertThat(proof(0).claims()).containsEntry("iat", clock.instant().getEpochSecond());
    }
  }
}
