package dev.everbearer.protocol;

import static dev.everbearer.AttestedInstallation.ATTESTATION;
import static dev.everbearer.AttestedInstallation.CHALLENGE;
import static dev.everbearer.AttestedInstallation.ID;
import static dev.everbearer.AttestedInstallation.claim;
import static dev.everbearer.AttestedInstallation.only;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.onlyRequest;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.AttestedInstallation;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.SigningKey;
import dev.everbearer.grant.Grant;
import dev.everbearer.jose.Keys;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.ServerUnavailableException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Challenges for attested clients, and what is sent again for the sake of an attestation. */
@Timeout(60)
@ExtendWith(ScriptedServers.class)
class AttestationChallengesTest {

  private static final String ENDPOINT = "challenge_endpoint";

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private final AttestedInstallation attester;
  private ClientAuthentication method;

  AttestationChallengesTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.server = server;
    this.clock = clock;
    this.attester = new AttestedInstallation(clock);
  }

  @BeforeEach
  void register() {
    KeyPair pair = Keys.p256();
    method =
        ClientAuthentication.attestation(
            ID, attester, SigningKey.of(pair.getPrivate(), pair.getPublic()));
    attester.registerAt(server, "attest_jwt_client_auth");
  }

  private OAuthClientBuilder builder() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .authentication(method)
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .random(() -> 0.5);
  }

  private void fetch(int times) {
    try (OAuthClient client = builder().build()) {
      for (int i = 0; i < times; i++) {
        client.fetch(Grant.clientCredentials());
      }
    }
  }

  private List<Object> challenges() {
    return server.tokenRequests().stream().map(each -> claim(each, "challenge")).toList();
  }

  private static Answer refused(String error) {
    return Answer.json(400, "{\"error\":\"" + error + "\"}");
  }

  private static Answer challenge(String json) {
    return Answer.json(200, json);
  }

  // ---- where they come from

  @Test
  @Spec("AB-03")
  void aServerWithAChallengeEndpointIsAskedByPostBeforeEachProof() {
    server.attestations().offerChallengeEndpoint(true).requireChallenge(true);
    fetch(2);
    List<RecordedRequest> asked = server.requestsTo(ENDPOINT);
    assertThat(asked).hasSize(2).allMatch(each -> each.method().equals("POST"));
    assertThat(asked.get(0).body()).isEmpty();
    assertThat(asked.get(0).headers(ATTESTATION)).isEmpty();
    assertThat(server.tokenRequests()).hasSize(2);
    assertThat(challenges()).doesNotContainNull().doesNotHaveDuplicates();
  }

  @Test
  @Spec("AB-03")
  void withoutChallengesTheProofHasNone() {
    fetch(1);
    assertThat(challenges()).containsOnlyNulls();
    assertThat(server.requestsTo(ENDPOINT)).isEmpty();
  }

  @Test
  @Spec("AB-03")
  void theChallengeOfAnyAnswerIsUsedNext() {
    server.attestations().offerChallengeEndpoint(true).requireChallenge(true);
    server.attestations().challengeOnEveryAnswer(true);
    try (OAuthClient client = builder().build()) {
      client.fetch(Grant.clientCredentials());
      client.revoke(Secret.of("t"), "access_token");
      client.fetch(Grant.clientCredentials());
    }
    assertThat(server.requestsTo(ENDPOINT)).hasSize(1);
    assertThat(server.requestsTo("revocation_endpoint")).hasSize(1);
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  @Spec("AB-03")
  void theNewestChallengeIsGoodUntilTheServerGivesAnother() {
    server.answerNext(Answer.healthy().header(CHALLENGE, "a"));
    server.answerNext(Answer.healthy());
    server.answerNext(Answer.healthy().header(CHALLENGE, "b"));
    fetch(4);
    assertThat(challenges()).containsExactly(null, "a", "a", "b");
  }

  @ParameterizedTest
  @Spec("AB-03")
  @ValueSource(strings = {"{}", "{\"attestation_challenge\":null,\"other\":1}"})
  void aChallengeEndpointForOtherThingsGivesNone(String json) {
    server.attestations().offerChallengeEndpoint(true);
    server.script("/challenge").answerAlways(challenge(json));
    fetch(1);
    assertThat(challenges()).containsOnlyNulls();
  }

  @ParameterizedTest
  @Spec("AB-03")
  @ValueSource(
      strings = {
        "[]",
        "{\"attestation_challenge\":1}",
        "{\"attestation_challenge\":\"\"}",
        "{\"attestation_challenge\":\"a b\"}"
      })
  void aChallengeThatIsNoneIsRefusedAndNothingIsSent(String json) {
    server.attestations().offerChallengeEndpoint(true);
    server.script("/challenge").answerAlways(challenge(json));
    assertThat(refusal(MalformedAnswerException.class, () -> fetch(1)))
        .hasMessageContaining("challenge endpoint");
    assertThat(server.tokenRequests()).isEmpty();
  }

  @Test
  @Spec("AB-03")
  void aChallengeEndpointInTroubleStopsTheRequest() {
    server.attestations().offerChallengeEndpoint(true);
    server.script("/challenge").answerAlways(Answer.status(503));
    assertRefusal(
        refusal(ServerUnavailableException.class, () -> fetch(1)),
        FailureKind.SERVER_TROUBLE,
        503,
        "challenge endpoint");
    server.script("/challenge").answerAlways(Answer.closeBeforeAnswer());
    assertThat(refusal(ServerUnavailableException.class, () -> fetch(1)))
        .hasMessageContaining("challenge endpoint");
    assertThat(server.tokenRequests()).isEmpty();
  }

  // ---- what is sent again

  @Test
  @Spec("AB-03")
  void aChallengeThatTheServerWantsIsAnsweredOnce() {
    server.attestations().requireChallenge(true);
    fetch(1);
    assertThat(server.tokenRequests()).hasSize(2);
    assertThat(challenges().get(0)).isNull();
    assertThat(challenges().get(1)).asString().startsWith("challenge-");
    assertThat(attester.given()).hasSize(1);
  }

  @Test
  @Spec("AB-03")
  void aServerThatIsNeverContentIsAnsweredOnceAndThenInTrouble() {
    server.answerAlways(refused("use_attestation_challenge").header(CHALLENGE, "again"));
    assertRefusal(
        refusal(OAuthErrorException.class, () -> fetch(1)),
        FailureKind.SERVER_TROUBLE,
        400,
        "wants a challenge");
    assertThat(challenges()).containsExactly(null, "again");
  }

  @Test
  @Spec("AB-03")
  void anErrorWithoutAChallengeOrAChallengeWithAnotherErrorIsNoReasonToSendAgain() {
    server.answerNext(refused("use_attestation_challenge"));
    assertThat(refusal(OAuthErrorException.class, () -> fetch(1))).isNotNull();
    server.answerNext(
        refused("use_attestation_challenge").header(CHALLENGE, "a").header(CHALLENGE, "b"));
    assertThat(refusal(OAuthErrorException.class, () -> fetch(1))).isNotNull();
    server.answerNext(refused("invalid_request").header(CHALLENGE, "a"));
    assertThat(refusal(OAuthErrorException.class, () -> fetch(1))).isNotNull();
    assertThat(server.tokenRequests()).hasSize(3);
  }

  @Test
  @Spec("AB-03")
  void aStaleAttestationIsReplacedOnce() {
    try (OAuthClient client = builder().build()) {
      client.fetch(Grant.clientCredentials());
      clock.advance(Duration.ofMinutes(1));
      server.attestations().refuseIssuedBefore(clock.instant());
      client.fetch(Grant.clientCredentials());
      client.fetch(Grant.clientCredentials());
    }
    assertThat(attester.given()).hasSize(2);
    assertThat(server.tokenRequests().stream().map(each -> only(each, ATTESTATION)))
        .containsExactly(
            attester.given().get(0),
            attester.given().get(0),
            attester.given().get(1),
            attester.given().get(1));
  }

  @Test
  @Spec("AB-03")
  void anAttestationThatStaysStaleEndsTheRequest() {
    server.answerAlways(refused("use_fresh_attestation"));
    assertRefusal(
        refusal(OAuthErrorException.class, () -> fetch(1)),
        FailureKind.INVALID_CLIENT,
        400,
        "Check the client id and attestation");
    assertThat(server.tokenRequests()).hasSize(2);
    assertThat(attester.given()).hasSize(2);
  }

  @Test
  @Spec("AB-03")
  void anAttesterThatGivesTheSameAgainIsNotShownAgain() {
    Map<Object, String> kept = new ConcurrentHashMap<>();
    KeyPair pair = Keys.p256();
    method =
        ClientAuthentication.attestation(
            ID,
            jwk -> kept.computeIfAbsent(jwk, any -> attester.attest(jwk)),
            SigningKey.of(pair.getPrivate(), pair.getPublic()));
    server.answerAlways(refused("use_fresh_attestation"));
    assertThat(refusal(OAuthErrorException.class, () -> fetch(1))).isNotNull();
    assertThat(onlyRequest(server)).isNotNull();
  }

  @Test
  @Spec("AB-03")
  void aClientWithoutAttestationsIsToldWhatIsWanted() {
    server.registerClient("plain", "secret");
    method = ClientAuthentication.clientSecretBasic("plain", "secret");
    server.answerAlways(refused("use_attestation_challenge").header(CHALLENGE, "c"));
    assertRefusal(
        refusal(OAuthErrorException.class, () -> fetch(1)),
        FailureKind.REFUSED,
        400,
        "ClientAuthentication.attestation(...)");
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  void aProofGoesByTheServersClockWhenThatExplainsTheRefusal() {
    String ahead =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            clock.instant().plusSeconds(600).atZone(ZoneOffset.UTC));
    server.answerNext(
        Answer.json(401, "{\"error\":\"invalid_client\"}").header("Date", ahead),
        Answer.json(200, "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}"));
    fetch(1);
    assertThat(claim(server.tokenRequests().get(1), "iat"))
        .isEqualTo(clock.instant().getEpochSecond() + 600);
  }
}
