package dev.everbearer.client;

import static dev.everbearer.AttestedInstallation.ATTESTATION;
import static dev.everbearer.AttestedInstallation.ID;
import static dev.everbearer.AttestedInstallation.PROOF;
import static dev.everbearer.AttestedInstallation.claim;
import static dev.everbearer.AttestedInstallation.only;
import static dev.everbearer.AttestedInstallation.proof;
import static dev.everbearer.AttestedInstallation.shownKey;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.lastRequest;
import static dev.everbearer.Exchanges.onlyRequest;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.AttestedInstallation;
import dev.everbearer.CapturedLogs;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.jose.Keys;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ClientAuthMethod;
import dev.everbearer.testing.server.Jwt;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.ServerUnavailableException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that prove who they are by an attestation and a proof of its key. */
@ExtendWith(ScriptedServers.class)
class AttestationTest {

  private static final String CANARY = "cAnArY";
  private static final String METHOD = "attest_jwt_client_auth";

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private final AttestedInstallation attester;
  private SigningKey key;

  AttestationTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.server = server;
    this.clock = clock;
    this.attester = new AttestedInstallation(clock);
  }

  /** A key of its own for each test: at which server a key is used is remembered beyond a test. */
  @BeforeEach
  void register() {
    key = newKey();
    attester.registerAt(server, METHOD);
  }

  private static SigningKey newKey() {
    KeyPair pair = Keys.p256();
    return SigningKey.of(pair.getPrivate(), pair.getPublic());
  }

  private OAuthClientBuilder builder() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .random(() -> 0.5);
  }

  private OAuthClientBuilder attested() {
    return builder().authentication(ClientAuthentication.attestation(ID, attester, key));
  }

  private static void fetch(OAuthClientBuilder builder) {
    try (OAuthClient client = builder.build()) {
      client.fetch(Grant.clientCredentials());
    }
  }

  /** Refused here, before anything is sent. */
  private ServerUnavailableException refused(OAuthClientBuilder builder) {
    ServerUnavailableException refusal =
        refusal(ServerUnavailableException.class, () -> fetch(builder));
    assertThat(server.tokenRequests()).isEmpty();
    return refusal;
  }

  // ---- what is sent

  @Test
  @Spec({"AB-01", "AB-02"})
  void anAttestedClientShowsItsAttestationAndAProofForTheIssuer() {
    fetch(attested());

    RecordedRequest request = onlyRequest(server);
    assertThat(only(request, ATTESTATION)).isEqualTo(attester.given().get(0));
    assertThat(request.headers("Authorization")).isEmpty();
    assertThat(request.form())
        .containsOnlyKeys("grant_type", "client_id")
        .containsEntry("client_id", List.of(ID));
    assertThat(proof(request).getHeader().toJSONObject())
        .containsOnlyKeys("typ", "alg")
        .containsEntry("typ", "oauth-client-attestation-pop+jwt");
    assertThat(proof(request).getPayload().toJSONObject())
        .containsOnlyKeys("aud", "jti", "iat")
        .containsEntry("aud", server.issuer().toString())
        .containsEntry("iat", clock.instant().getEpochSecond());
  }

  @Test
  @Spec({"AB-01", "AB-02"})
  void eachRequestToEachEndpointHasAProofOfItsOwnAndTheAttestationIsShownAgain() {
    try (OAuthClient client = attested().build()) {
      client.fetch(Grant.clientCredentials());
      client.fetch(Grant.clientCredentials());
      client.revoke(Secret.of("t"), "access_token");
    }
    List<RecordedRequest> shown = server.requestsTo("revocation_endpoint");
    assertThat(shown).hasSize(1);
    assertThat(
            Stream.concat(server.tokenRequests().stream(), shown.stream())
                .map(each -> claim(each, "jti")))
        .doesNotHaveDuplicates()
        .hasSize(3);
    assertThat(only(shown.get(0), ATTESTATION)).isEqualTo(attester.given().get(0));
    assertThat(attester.given()).hasSize(1);
  }

  @Test
  @Spec("AB-01")
  void nobodyAddsASecondHeaderField() {
    fetch(
        attested()
            .customizer(
                request ->
                    request.header("oauth-client-attestation", "x").header(PROOF, "another")));
    assertThat(onlyRequest(server).headers(ATTESTATION)).hasSize(1);
    assertThat(onlyRequest(server).headers(PROOF)).hasSize(1);
    for (String name : List.of(ATTESTATION, PROOF.toLowerCase(java.util.Locale.ROOT))) {
      assertThatThrownBy(() -> attested().header(name, "x"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("set by the library");
    }
  }

  @Test
  @Spec("AB-01")
  void theMethodIsChosenByItsNameInTheMetadata() {
    server.registerClient(ID, "a-secret");
    OAuthClientBuilder either =
        builder()
            .authentication(
                ClientAuthentication.firstSupported(
                    ClientAuthentication.attestation(ID, attester, key),
                    ClientAuthentication.clientSecretBasic(ID, "a-secret")));
    fetch(either);
    assertThat(onlyRequest(server).headers(PROOF)).hasSize(1);

    server.clientMetadata(ID, Map.of("token_endpoint_auth_method", "client_secret_basic"));
    server.acceptOnly(ClientAuthMethod.CLIENT_SECRET_BASIC);
    fetch(either);
    assertThat(lastRequest(server).headers(ATTESTATION)).isEmpty();
    assertThat(lastRequest(server).headers("Authorization")).hasSize(1);
  }

  @Test
  @Spec("AB-01")
  void aServerThatListsNoneOfTheMethodsIsSentNothing() {
    server.acceptOnly(ClientAuthMethod.CLIENT_SECRET_BASIC);
    DpopKey dpop = DpopKey.generate();
    assertRefusal(
        refused(
            builder()
                .dpop(dpop)
                .authentication(
                    ClientAuthentication.firstSupported(
                        ClientAuthentication.attestation(ID, attester, key),
                        ClientAuthentication.attestationByDpop(ID, attester, dpop)))),
        FailureKind.REFUSED,
        0,
        "client_secret_basic");
    assertThat(attester.given()).isEmpty();
  }

  @Test
  @Spec("AB-02")
  void aProofForAnApiIsForItsResourceIdentifier() throws Exception {
    Map<String, String> headers =
        ClientAttestation.of(ID, attester, key)
            .headers("https://api.example.com/v1", "seen-before", clock.instant());
    assertThat(headers).containsOnlyKeys(ATTESTATION, PROOF);
    assertThat(AttestedInstallation.parsed(headers.get(PROOF)).getPayload().toJSONObject())
        .containsOnlyKeys("aud", "jti", "iat", "challenge")
        .containsEntry("aud", "https://api.example.com/v1")
        .containsEntry("challenge", "seen-before");
  }

  @Test
  @Spec("AB-02")
  void withoutAnIssuerThereIsNoAudience() {
    OAuthClientBuilder bare =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .clocks(clock, clock::nanoTime)
            .authentication(ClientAuthentication.attestation(ID, attester, key));
    assertThat(refused(bare)).hasMessageContaining("issuer(...)");
    String issuer = server.issuer().toString();
    fetch(bare.profile(ProviderProfile.builder().assertionAudience(issuer).build()));
    assertThat(claim(onlyRequest(server), "aud")).isEqualTo(issuer);
  }

  @Test
  @Spec("AB-02")
  void algorithmsThatTheServerDoesNotTakeAreNotTried() {
    server.attestations().acceptProofAlgorithms("PS256");
    assertThat(refused(attested()))
        .hasMessageContaining("proofs of attested keys signed by [PS256]");
    server.attestations().acceptProofAlgorithms("ES256").acceptAlgorithms("PS256");
    assertThat(refused(attested())).hasMessageContaining("client attestations signed by [PS256]");
  }

  // ---- what the attester gives

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("typ", jwt -> jwt.header("typ", "JWT")),
        fault("sub", jwt -> jwt.claim("sub", CANARY)),
        fault("sub", jwt -> jwt.without("sub")),
        fault("exp", jwt -> jwt.without("exp")),
        fault("ended at", jwt -> jwt.claim("exp", 1)),
        fault("cnf", jwt -> jwt.without("cnf")),
        fault("cnf", jwt -> jwt.claim("cnf", Map.of("jkt", "x"))),
        fault("another key", jwt -> jwt.claim("cnf", Map.of("jwk", Keys.jwk(Keys.p256())))),
        fault("private", jwt -> jwt.claim("cnf", Map.of("jwk", Map.of("kty", "oct", "k", CANARY)))),
        fault("not signed", jwt -> jwt.unsigned()),
        fault("critical", jwt -> jwt.header("crit", List.of("x"))));
  }

  private static Arguments fault(String message, UnaryOperator<Jwt> change) {
    return Arguments.of(message, change);
  }

  @ParameterizedTest
  @Spec({"AB-01", "AB-04"})
  @MethodSource("faults")
  void anAttestationThatIsNotGoodIsNotShown(String message, UnaryOperator<Jwt> change) {
    attester.changing(change);
    assertRefusal(refused(attested()), FailureKind.REFUSED, 0, "Nothing was sent", message);
  }

  @Test
  void whatAnAttesterThrowsIsNotRepeated() {
    ClientAttester broken =
        instanceKey -> {
          throw new IllegalStateException(CANARY);
        };
    assertThat(refused(builder().authentication(ClientAuthentication.attestation(ID, broken, key))))
        .hasMessageContaining("IllegalStateException");
  }

  @Test
  void anAttestationIsReplacedTenSecondsBeforeItEnds() {
    try (OAuthClient client = attested().build()) {
      client.fetch(Grant.clientCredentials());
      clock.advance(Duration.ofHours(1).minusSeconds(11));
      client.fetch(Grant.clientCredentials());
      assertThat(attester.given()).hasSize(1);
      clock.advance(Duration.ofSeconds(1));
      client.fetch(Grant.clientCredentials());
    }
    assertThat(attester.given()).hasSize(2);
    assertThat(only(lastRequest(server), ATTESTATION)).isEqualTo(attester.given().get(1));
  }

  @Test
  void aKeyWithoutItsPublicHalfIsRefused() {
    SigningKey half =
        SigningKey.fromPem(
            "-----BEGIN PRIVATE KEY-----\n"
                + java.util.Base64.getMimeEncoder()
                    .encodeToString(Keys.P256.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n");
    assertThatThrownBy(() -> ClientAuthentication.attestation(ID, attester, half))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("both halves");
  }

  // ---- one key for each server

  @Test
  @Spec("AB-05")
  void twoServersSeeDifferentKeys() {
    try (ScriptedAuthorizationServer other =
        ScriptedAuthorizationServer.builder().clock(clock).start()) {
      attester.registerAt(other, METHOD);
      Map<String, SigningKey> keys = new ConcurrentHashMap<>();
      ClientAuthentication method =
          ClientAuthentication.attestation(
              ID, attester, issuer -> keys.computeIfAbsent(issuer, any -> newKey()));
      fetch(builder().authentication(method));
      fetch(builder().issuer(other.issuer().toString()).authentication(method));
      fetch(builder().authentication(method));
      assertThat(keys).containsOnlyKeys(server.issuer().toString(), other.issuer().toString());
      assertThat(shownKey(server.tokenRequests().get(0)))
          .isEqualTo(shownKey(server.tokenRequests().get(1)))
          .isNotEqualTo(shownKey(onlyRequest(other)));
      assertThat(attester.given()).hasSize(2);
    }
  }

  @Test
  @Spec("AB-05")
  void aKeyThatAnotherServerHasSeenIsNotShown() {
    ClientAuthentication first = ClientAuthentication.attestation(ID, attester, key);
    fetch(builder().authentication(first));
    try (ScriptedAuthorizationServer other = ScriptedAuthorizationServer.start()) {
      attester.registerAt(other, METHOD);
      OAuthClientBuilder there = attested().issuer(other.issuer().toString());
      assertThat(refusal(ServerUnavailableException.class, () -> fetch(there)))
          .hasMessageContaining("Give each server a key of its own");
      assertThat(other.tokenRequests()).isEmpty();
    }
    assertThat(first.clientId()).isEqualTo(ID); // held until here, and its uses with it
  }

  // ---- what is not shown

  @Test
  @Spec("SE-04")
  void neitherLogsNorErrorsShowTheAttestationOrTheProof() {
    List<String> texts;
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer")) {
      fetch(attested());
      server.answerNext(
          Answer.computedFrom(
              request ->
                  Answer.json(
                      400,
                      "{\"error\":\"invalid_request\",\"error_description\":\"bad %s and %s\"}"
                          .formatted(only(request, ATTESTATION), only(request, PROOF)))));
      OAuthErrorException refusal = refusal(OAuthErrorException.class, () -> fetch(attested()));
      assertThat(refusal).hasMessageContaining("bad *** and ***");
      texts = logs.everything();
    }
    assertThat(texts).anyMatch(text -> text.contains(ATTESTATION + "=***"));
    for (RecordedRequest request : server.tokenRequests()) {
      assertThat(String.join("\n", texts))
          .doesNotContain(only(request, ATTESTATION), only(request, PROOF));
    }
    assertThat(ClientAuthentication.attestation(ID, attester, key) + "").doesNotContain("eyJ");
    assertThat(ClientAttestation.of(ID, attester, key) + "").doesNotContain("eyJ");
  }

  @Test
  void fapi2DoesNotTakeIt() {
    assertThatThrownBy(() -> attested().dpop().fapi2().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("privateKeyJwt(...)");
  }
}
