package dev.everbearer.protocol;

import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.CapturedLogs;
import dev.everbearer.Exchanges;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.Proof;
import dev.everbearer.ProofGate;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.DpopKey;
import dev.everbearer.client.SigningKey;
import dev.everbearer.client.internal.DpopSender;
import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.EndpointCaller.Post;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.SenderKeyException;
import dev.everbearer.token.TokenSource;
import dev.everbearer.wire.FormBody;
import dev.everbearer.wire.JdkTransport;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proofs for the authorization server, and what becomes of its answers. */
@Timeout(60)
@ExtendWith(ScriptedServers.class)
class DpopAtServerTest {

  private static final Grant GRANT = Grant.clientCredentials();
  private static final Answer WANTS_NONCE = Answer.json(400, "{\"error\":\"use_dpop_nonce\"}");

  private static final String FUTURE = "Tue, 01 Jan 2126 00:00:00 GMT";

  private final ScriptedAuthorizationServer server;

  DpopAtServerTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  private OAuthClientBuilder dpop() {
    return Exchanges.clientOf(server).dpop();
  }

  private AccessToken fetch(OAuthClientBuilder builder) {
    try (OAuthClient client = builder.build()) {
      return client.fetch(GRANT).accessToken();
    }
  }

  private Proof proof(int request) {
    return Proof.of(server.tokenRequests().get(request));
  }

  private static Answer refused(String error) {
    return Answer.json(400, "{\"error\":\"" + error + "\"}");
  }

  // ---- the proof

  @Test
  @Spec({"DP-01", "DP-02", "DP-03"})
  void aTokenRequestCarriesAProofForTheTokenEndpoint() {
    ProofGate.at(server);
    DpopKey key = DpopKey.generate();
    AccessToken token = fetch(Exchanges.clientOf(server).dpop(key));
    Proof proof = proof(0);
    assertThat(proof.thumbprint()).isEqualTo(key.thumbprint());
    assertThat(proof.claims())
        .containsOnlyKeys("jti", "htm", "htu", "iat")
        .containsEntry("htm", "POST")
        .containsEntry("htu", server.tokenEndpoint().toString());
    assertThat(token.type()).isEqualTo("DPoP");
    assertThat(token.authorization()).isEqualTo("DPoP bound-1");
    assertThat(token.keyThumbprint()).contains(key.thumbprint());
    assertThat(token.toString()).startsWith("DPoP token ***");
  }

  @Test
  void aClientWithoutAKeySendsNoProof() {
    assertThat(fetch(Exchanges.clientOf(server)).type()).isEqualTo("Bearer");
    assertThat(server.tokenRequests().get(0).headers("DPoP")).isEmpty();
  }

  @Test
  @Spec("DP-05")
  void thereIsOneProofWhateverACustomizerAdds() {
    ProofGate.at(server);
    fetch(dpop().customizer(request -> request.header("DPoP", "theirs").header("dpop", "more")));
    assertThat(server.tokenRequests().get(0).headers("DPoP")).hasSize(1).doesNotContain("theirs");
    assertThatThrownBy(() -> dpop().header("dPoP", "theirs"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Spec("DP-01")
  void theAlgorithmIsOneThatTheServerLists() {
    server.metadata(Map.of("dpop_signing_alg_values_supported", List.of("EdDSA", "ES256")));
    ProofGate.at(server);
    assertThat(fetch(byIssuer().dpop()).needsProof()).isTrue();
  }

  @Test
  @Spec("DP-01")
  void aKeyForNoListedAlgorithmIsNotUsed() {
    server.metadata(Map.of("dpop_signing_alg_values_supported", List.of("PS256", "EdDSA")));
    assertThatThrownBy(() -> fetch(byIssuer().dpop()))
        .isInstanceOf(SenderKeyException.class)
        .hasMessageContaining("[PS256, EdDSA]")
        .hasMessageContaining("ES256");
    assertThat(server.tokenRequests()).isEmpty();
    assertThat(fetch(byIssuer().dpopWhenOffered()).type()).isEqualTo("Bearer");
  }

  private OAuthClientBuilder byIssuer() {
    server.registerClient(Exchanges.ID, Exchanges.SECRET);
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clientSecretBasic(Exchanges.ID, Exchanges.SECRET);
  }

  @Test
  @Spec("DP-06")
  void aKeyThatCannotSignLeavesTheServerSilent() {
    SigningKey.Signer broken =
        (algorithm, input) -> {
          throw new IllegalStateException("key service down, " + Exchanges.CANARY);
        };
    DpopKey key = DpopKey.of(SigningKey.signedBy(broken, Proof.newPair().getPublic()));
    SenderKeyException thrown =
        refusal(SenderKeyException.class, () -> fetch(Exchanges.clientOf(server).dpop(key)));
    assertThat(thrown)
        .hasMessageContaining("DPoP key could not sign (java.lang.IllegalStateException)");
    assertThat(Exchanges.failure(thrown).kind()).isEqualTo(FailureKind.SERVER_TROUBLE);
    assertThat(server.requestCount()).isZero();
  }

  // ---- the token type

  @ParameterizedTest
  @Spec({"DP-06", "PQ-24"})
  @ValueSource(strings = {"dpop", "DPOP", "DPoP"})
  void theTypeIsReadInAnyCaseAndSentInOne(String type) {
    ProofGate.at(server).tokenType(type);
    assertThat(fetch(dpop()).authorization()).isEqualTo("DPoP bound-1");
  }

  @Test
  @Spec("DP-07")
  void aBearerTokenIsDiscardedWhereDpopIsRequired() {
    ProofGate.at(server).tokenType("Bearer");
    SenderKeyException thrown = refusal(SenderKeyException.class, () -> fetch(dpop()));
    assertThat(thrown)
        .hasMessageContaining("answered a Bearer token")
        .hasMessageContaining("dpopWhenOffered()")
        .hasMessageNotContaining("bound-1");
    assertThat(Exchanges.failure(thrown).kind()).isEqualTo(FailureKind.REFUSED);
    try (OAuthClient client = dpop().build()) {
      TokenSource source = client.tokens(GRANT);
      assertThatThrownBy(source::token).isInstanceOf(SenderKeyException.class);
      assertThat(server.tokenRequests()).as("no storm").hasSize(2);
    }
  }

  @Test
  @Spec("DP-07")
  void aBearerTokenIsUsedWhenOfferedIsEnoughAndTheLogSaysSoOnce() {
    ProofGate.at(server).tokenType("Bearer");
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.client");
        OAuthClient client = Exchanges.clientOf(server).dpopWhenOffered().build()) {
      assertThat(client.fetch(GRANT).accessToken().authorization()).isEqualTo("Bearer bound-1");
      client.fetch(GRANT);
      assertThat(logs.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("not bound", server.tokenEndpoint().toString());
    }
  }

  @Test
  @Spec("DP-07")
  void aBoundTokenIsUsedWhenOfferedIsEnough() {
    ProofGate.at(server);
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.client")) {
      assertThat(fetch(Exchanges.clientOf(server).dpopWhenOffered()).needsProof()).isTrue();
      assertThat(logs.messages(Level.INFO)).isEmpty();
    }
  }

  @Test
  @Spec("DP-07")
  void aServerWhoseMetadataDoesNotOfferItIsShownAProofOnlyWhereItIsRequired() {
    server.withoutMetadata("dpop_signing_alg_values_supported");
    assertThat(fetch(byIssuer().dpopWhenOffered()).type()).isEqualTo("Bearer");
    assertThat(server.tokenRequests().get(0).headers("DPoP")).isEmpty();
    ProofGate.at(server);
    assertThat(fetch(byIssuer().dpop()).type()).isEqualTo("DPoP");
  }

  @Test
  @Spec("DP-07")
  void aBoundTokenThatNoProofWasShownForIsRefused() {
    server.answerNext(
        Answer.json(200, "{\"access_token\":\"t\",\"token_type\":\"DPoP\",\"expires_in\":60}"));
    assertThatThrownBy(() -> fetch(Exchanges.clientOf(server)))
        .isInstanceOf(MalformedAnswerException.class)
        .hasMessageContaining("token_type is not Bearer but DPoP")
        .hasMessageContaining("dpop()");
  }

  // ---- nonces

  @Test
  @Spec({"DP-08", "DP-10"})
  void aNonceThatTheServerWantsIsShownInANewProof() {
    ProofGate gate = ProofGate.at(server).wants("nonce-1");
    try (OAuthClient client = dpop().build()) {
      client.fetch(GRANT);
      assertThat(server.tokenRequests()).hasSize(2);
      assertThat(proof(0).claim("nonce")).isNull();
      assertThat(proof(1).claim("nonce")).isEqualTo("nonce-1");
      assertThat(proof(1).claim("jti")).isNotEqualTo(proof(0).claim("jti"));
      client.fetch(GRANT);
      assertThat(proof(2).claim("nonce")).isEqualTo("nonce-1");
      gate.wants("nonce-2");
      client.fetch(GRANT);
      assertThat(server.tokenRequests()).hasSize(5);
      assertThat(proof(4).claim("nonce")).isEqualTo("nonce-2");
      assertThat(gate.strangeNonces()).isEmpty();
    }
  }

  @Test
  @Spec("DP-08")
  void eachRetryIsAuthenticatedAnew() {
    ProofGate.at(server).wants("nonce");
    server.registerClient("id", "secret");
    AtomicInteger asked = new AtomicInteger();
    fetch(
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .authentication(
                ClientAuthentication.clientSecretPost("id", () -> "secret-" + asked.addAndGet(1)))
            .dpop());
    assertThat(server.tokenRequests().stream().map(sent -> sent.form().get("client_secret")))
        .containsExactly(List.of("secret-1"), List.of("secret-2"));
  }

  @Test
  @Spec("DP-10")
  void theNonceOfASuccessIsUsedNext() {
    ProofGate.at(server).wants("from-a-200");
    server.answerNext(granted().header("DPoP-Nonce", "from-a-200"));
    try (OAuthClient client = dpop().build()) {
      client.fetch(GRANT);
      client.fetch(GRANT);
      assertThat(proof(1).claim("nonce")).isEqualTo("from-a-200");
    }
  }

  private static Answer granted() {
    return Answer.json(200, "{\"access_token\":\"t\",\"token_type\":\"DPoP\",\"expires_in\":60}");
  }

  @Test
  @Spec("DP-10")
  void clientsWithOtherKeysHaveOtherNonces() {
    server.answerAlways(granted().header("DPoP-Nonce", "of-the-first"));
    fetch(dpop());
    fetch(dpop());
    assertThat(proof(1).claim("nonce")).isNull();
  }

  @Test
  @Spec("DP-11")
  void atMostTwoNonceRetriesAreMade() {
    server.answerAlways(WANTS_NONCE.header("DPoP-Nonce", "never-good"));
    assertThatThrownBy(() -> fetch(dpop()))
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> {
              assertThat(e.error()).isEqualTo("use_dpop_nonce");
              assertThat(Exchanges.failure(e).kind()).isEqualTo(FailureKind.SERVER_TROUBLE);
            })
        .hasMessageContaining("gave none that it then took");
    assertThat(server.tokenRequests()).hasSize(3);
  }

  @Test
  @Spec("DP-11")
  void aNonceInAnotherErrorIsKeptAndNoReasonToTryAgain() {
    ProofGate.at(server).wants("kept");
    server.answerNext(refused("invalid_scope").header("DPoP-Nonce", "kept"));
    try (OAuthClient client = dpop().build()) {
      assertThatThrownBy(() -> client.fetch(GRANT)).isInstanceOf(OAuthErrorException.class);
      assertThat(server.tokenRequests()).hasSize(1);
      client.fetch(GRANT);
      assertThat(server.tokenRequests()).hasSize(2);
      assertThat(proof(1).claim("nonce")).isEqualTo("kept");
    }
  }

  @Test
  @Spec("DP-12")
  void severalNoncesOrBrokenOnesAreNoReasonToTryAgain() {
    server.answerNext(WANTS_NONCE.header("DPoP-Nonce", "a").header("DPoP-Nonce", "b"));
    assertThatThrownBy(() -> fetch(dpop())).isInstanceOf(OAuthErrorException.class);
    server.answerNext(WANTS_NONCE.header("DPoP-Nonce", "a b"));
    assertThatThrownBy(() -> fetch(dpop())).isInstanceOf(OAuthErrorException.class);
    server.answerNext(WANTS_NONCE);
    assertThatThrownBy(() -> fetch(dpop())).isInstanceOf(OAuthErrorException.class);
    assertThat(server.tokenRequests()).hasSize(3);
  }

  @Test
  @Spec("DP-08")
  void aClientWithoutAKeyIsToldWhatTheServerWants() {
    server.answerNext(WANTS_NONCE.header("DPoP-Nonce", "n"));
    assertThatThrownBy(() -> fetch(Exchanges.clientOf(server)))
        .isInstanceOfSatisfying(
            OAuthErrorException.class,
            e -> assertThat(Exchanges.failure(e).kind()).isEqualTo(FailureKind.REFUSED))
        .hasMessageContaining("Configure dpop()");
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("DP-08")
  void nonceRetriesShareOneDeadline(SettableClock clock) {
    ProofGate.at(server);
    server.answerNext(
        Answer.computedFrom(
            request -> {
              clock.advance(Duration.ofSeconds(20));
              return WANTS_NONCE.header("DPoP-Nonce", "late");
            }));
    assertThatThrownBy(
            () ->
                fetch(
                    dpop().clocks(clock, clock::nanoTime).exchangeTimeout(Duration.ofSeconds(15))))
        .isInstanceOf(OAuthErrorException.class);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec({"DP-08", "DP-14"})
  void aPushedAuthorizationRequestIsProvenAsTokenRequestsAreWithTheKeyOfDpopJkt() throws Exception {
    server.metadata(Map.of("pushed_authorization_request_endpoint", server.uri("/par").toString()));
    AuthorizationServer metadata =
        AuthorizationServer.discovered(
            server.issuer().toString(),
            server.tokenEndpoint(),
            null,
            Map.of("pushed_authorization_request_endpoint", server.uri("/par").toString()));
    DpopSender sender = new DpopSender(DpopKey.generate(), true, InstantSource.system());
    EndpointCaller caller = caller(metadata, sender);
    server
        .script("/par")
        .answerNext(
            WANTS_NONCE.header("DPoP-Nonce", "for-par"),
            Answer.json(201, "{\"request_uri\":\"urn:x\",\"expires_in\":60}"));
    FormBody form = new FormBody().add("dpop_jkt", caller.dpopJkt(metadata));
    Post post =
        new Post(Endpoint.PUSHED_AUTHORIZATION_REQUEST, form, Duration.ofSeconds(10), false);
    int status =
        caller.post(
            post,
            exchange -> {
              if (exchange.answer().status() != 201) {
                throw exchange
                    .errors()
                    .read(exchange.answer(), Map.of("error", "use_dpop_nonce"))
                    .toException();
              }
              return exchange.answer().status();
            });
    assertThat(status).isEqualTo(201);
    List<RecordedRequest> pushed = server.requests();
    assertThat(pushed).hasSize(2);
    assertThat(Proof.of(pushed.get(1)).claims())
        .containsEntry("htu", server.uri("/par").toString())
        .containsEntry("nonce", "for-par");
    assertThat(pushed.get(1).form())
        .containsEntry("dpop_jkt", List.of(Proof.of(pushed.get(1)).thumbprint()));
  }

  @Test
  @Spec("DP-14")
  void thereIsNoDpopJktForAServerThatDoesNotOfferDpop() {
    DpopSender whenOffered = new DpopSender(DpopKey.generate(), false, InstantSource.system());
    AuthorizationServer silent =
        AuthorizationServer.discovered(
            server.issuer().toString(), server.tokenEndpoint(), null, Map.of());
    assertThat(caller(silent, whenOffered).dpopJkt(silent)).isNull();
    assertThat(caller(silent, null).dpopJkt(silent)).isNull();
  }

  @Test
  void otherEndpointsAreShownNoProof() throws Exception {
    AuthorizationServer metadata =
        AuthorizationServer.discovered(
            server.issuer().toString(),
            server.tokenEndpoint(),
            null,
            Map.of("revocation_endpoint", server.revocationEndpoint().toString()));
    server.script("/revoke").answerNext(Answer.status(200).header("DPoP-Nonce", "n"));
    EndpointCaller caller =
        caller(metadata, new DpopSender(DpopKey.generate(), true, InstantSource.system()));
    Post post =
        new Post(
            Endpoint.REVOCATION, new FormBody().add("token", "t"), Duration.ofSeconds(10), false);
    assertThat(caller.<Integer>post(post, exchange -> exchange.answer().status())).isEqualTo(200);
    assertThat(server.requests().get(0).headers("DPoP")).isEmpty();
  }

  private static EndpointCaller caller(AuthorizationServer metadata, DpopSender sender) {
    return new EndpointCaller(
        () -> metadata,
        ClientAuthentication.clientSecretBasic("id", "secret"),
        null,
        sender,
        ProviderProfile.standard(),
        JdkTransport.making(HttpClient::newHttpClient, request -> {}, InstantSource.system()),
        Map.of("Accept", "application/json"),
        InstantSource.system(),
        System::nanoTime);
  }

  // ---- refused proofs

  @ParameterizedTest
  @Spec({"DP-15", "PQ-24"})
  @ValueSource(strings = {"invalid_dpop_proof", "invalid_request"})
  void aRefusedProofIsNotSentAgainAndTheSkewIsReported(String error, SettableClock clock) {
    server.answerAlways(refused(error).header("DPoP-Nonce", "n").header("Date", FUTURE));
    assertThatThrownBy(() -> fetch(dpop().clocks(clock, clock::nanoTime)))
        .isInstanceOf(OAuthErrorException.class)
        .hasMessageContaining(error)
        .hasMessageContaining("clock is")
        .hasMessageContaining("s behind the server's");
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("DP-15")
  void noSkewIsReportedWhereThereIsNoneOrNoProofWasShown() {
    server.answerNext(refused("invalid_dpop_proof"));
    assertThatThrownBy(() -> fetch(dpop()))
        .hasMessageContaining("does not take the proof")
        .hasMessageNotContaining("clock");
    server.answerNext(refused("invalid_request").header("Date", FUTURE));
    assertThatThrownBy(() -> fetch(Exchanges.clientOf(server))).hasMessageNotContaining("clock is");
  }
}
