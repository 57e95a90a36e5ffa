package dev.everbearer.protocol;

import static dev.everbearer.AttestedInstallation.ATTESTATION;
import static dev.everbearer.AttestedInstallation.CHALLENGE;
import static dev.everbearer.AttestedInstallation.ID;
import static dev.everbearer.AttestedInstallation.PROOF;
import static dev.everbearer.AttestedInstallation.only;
import static dev.everbearer.Exchanges.onlyRequest;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.AttestedInstallation;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.Proof;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.DpopKey;
import dev.everbearer.client.SigningKey;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.ServerUnavailableException;
import dev.everbearer.token.TokenSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Attested clients whose DPoP proof stands for the proof of the attested key. */
@Timeout(60)
@ExtendWith(ScriptedServers.class)
class AttestationByDpopTest {

  private static final String CALLBACK = "https://app.example.com/callback";
  private static final String PUSHED = "pushed_authorization_request_endpoint";

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private final AttestedInstallation attester;
  private final DpopKey key = DpopKey.generate();

  AttestationByDpopTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.server = server;
    this.clock = clock;
    this.attester = new AttestedInstallation(clock);
  }

  @BeforeEach
  void register() {
    attester.registerAt(server, "attest_jwt_client_auth_dpop");
    server.registerRedirectUris(ID, CALLBACK);
  }

  private OAuthClientBuilder builder() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .random(() -> 0.5);
  }

  private OAuthClientBuilder combined() {
    return builder()
        .dpop(key)
        .authentication(ClientAuthentication.attestationByDpop(ID, attester, key));
  }

  private static TokenSet fetch(OAuthClientBuilder builder) {
    try (OAuthClient client = builder.build()) {
      return client.fetch(Grant.clientCredentials());
    }
  }

  @Test
  @Spec({"AB-01", "AB-04"})
  void oneProofIsShownThatOfDpopByTheAttestedKey() {
    TokenSet tokens = fetch(combined());

    RecordedRequest request = onlyRequest(server);
    assertThat(only(request, ATTESTATION)).isEqualTo(attester.given().get(0));
    assertThat(request.headers(PROOF)).isEmpty();
    assertThat(Proof.of(request).thumbprint()).isEqualTo(key.thumbprint());
    assertThat(Proof.of(request).claims()).containsOnlyKeys("jti", "htm", "htu", "iat");
    assertThat(request.form()).containsOnlyKeys("grant_type", "client_id");
    assertThat(tokens.accessToken().keyThumbprint()).contains(key.thumbprint());
  }

  @Test
  @Spec("AB-04")
  void everyEndpointSeesAProof() {
    try (OAuthClient client = combined().build()) {
      client.revoke(Secret.of("t"), "access_token");
    }
    RecordedRequest request = server.requestsTo("revocation_endpoint").get(0);
    assertThat(Proof.of(request).claim("htu")).isEqualTo(server.revocationEndpoint().toString());
    assertThat(request.headers(ATTESTATION)).hasSize(1);
  }

  @Test
  @Spec({"AB-03", "AB-04"})
  void theChallengeStandsInTheNonce() {
    server.attestations().offerChallengeEndpoint(true).requireChallenge(true);
    fetch(combined());
    assertThat(Proof.of(onlyRequest(server)).claim("nonce")).startsWith("challenge-");

    server.attestations().offerChallengeEndpoint(false);
    fetch(combined());
    List<RecordedRequest> requests = server.tokenRequests();
    assertThat(requests).hasSize(3);
    assertThat(Proof.of(requests.get(1)).claim("nonce")).isNull();
    assertThat(Proof.of(requests.get(2)).claim("nonce")).startsWith("challenge-");
  }

  @Test
  @Spec("AB-04")
  void aNonceThatComesAfterAChallengeTakesItsPlace() {
    server.answerNext(
        Answer.json(400, "{\"error\":\"use_attestation_challenge\"}").header(CHALLENGE, "first"),
        Answer.json(400, "{\"error\":\"use_dpop_nonce\"}").header("DPoP-Nonce", "second"));
    fetch(combined());
    assertThat(server.tokenRequests().stream().map(each -> Proof.of(each).claim("nonce")))
        .containsExactly(null, "first", "second");
  }

  @Test
  @Spec("AB-04")
  void beneathAProofOfItsOwnTheChallengeIsNotTheNonceOfDpop() {
    attester.registerAt(server, "attest_jwt_client_auth");
    server.attestations().requireChallenge(true);
    SigningKey other = newKey();
    fetch(
        builder().dpop(key).authentication(ClientAuthentication.attestation(ID, attester, other)));
    RecordedRequest request = server.tokenRequests().get(1);
    assertThat(AttestedInstallation.claim(request, "challenge")).isNotNull();
    assertThat(Proof.of(request).claims()).doesNotContainKey("nonce");
    assertThat(Proof.of(request).thumbprint()).isEqualTo(key.thumbprint());
  }

  private static SigningKey newKey() {
    var pair = Proof.newPair();
    return SigningKey.of(pair.getPrivate(), pair.getPublic());
  }

  // ---- not with dpop_jkt

  private AuthorizationRedirect begin(OAuthClient client) {
    AuthorizationCodeFlow flow =
        client.authorizationCodeFlow(Grant.authorizationCode().scope("read"), CALLBACK);
    return flow.start();
  }

  @Test
  @Spec("AB-04")
  void aPushedRequestIsProvenAndNamesNoKey() throws Exception {
    try (OAuthClient client = combined().build()) {
      AuthorizationCodeFlow flow =
          client.authorizationCodeFlow(Grant.authorizationCode().scope("read"), CALLBACK);
      AuthorizationRedirect redirect = flow.start();
      String back = new UserAgent().redirectOf(redirect.url()).toString();
      TokenSet tokens = flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(back));
      assertThat(tokens.accessToken().keyThumbprint()).contains(key.thumbprint());
    }
    RecordedRequest pushed = server.requestsTo(PUSHED).get(0);
    assertThat(pushed.form()).doesNotContainKey("dpop_jkt");
    assertThat(Proof.of(pushed).thumbprint()).isEqualTo(key.thumbprint());
  }

  @Test
  @Spec("AB-04")
  void theUrlOfALoginNamesNoKeyExceptBesideAProofOfItsOwn() {
    server.withoutMetadata(PUSHED);
    try (OAuthClient client = combined().build()) {
      assertThat(begin(client).url()).asString().doesNotContain("dpop_jkt");
    }
    try (OAuthClient client =
        builder()
            .dpop(key)
            .authentication(ClientAuthentication.attestation(ID, attester, newKey()))
            .build()) {
      assertThat(begin(client).url()).asString().contains("dpop_jkt=" + key.thumbprint());
    }
  }

  // ---- one key

  @Test
  @Spec("AB-04")
  void anAttestationOfAnotherKeyIsNotShown() {
    DpopKey other = DpopKey.generate();
    attester.changing(jwt -> jwt.claim("cnf", Map.of("jwk", other.publicJwk())));
    assertThat(refusal(ServerUnavailableException.class, () -> fetch(combined())))
        .hasMessageContaining("another key than the instance key " + key.thumbprint());
    assertThat(server.tokenRequests()).isEmpty();
  }

  @Test
  @Spec("AB-04")
  void aClientWhoseDpopKeyIsNotTheAttestedOneIsNotBuilt() {
    for (OAuthClientBuilder builder :
        List.of(builder(), builder().dpop(), builder().dpopWhenOffered(key))) {
      assertThatThrownBy(
              () ->
                  builder
                      .authentication(ClientAuthentication.attestationByDpop(ID, attester, key))
                      .build())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("give the same key to dpop(...)");
    }
  }

  @Test
  @Spec("AB-04")
  void aRefreshTokenIsNotSentWithAnotherKeyThanItWasObtainedWith() {
    TokenStore store = new MemoryTokenStore(clock);
    Grant login = Grant.refreshToken(server.issueRefreshToken(ID, "read"));
    try (OAuthClient client = combined().store(store).build()) {
      client.tokens(login).token();
    }
    assertThat(store.read(GrantKey.of(ID, login)).record().refreshTokenKey())
        .contains(key.thumbprint());
    DpopKey other = DpopKey.generate();
    try (OAuthClient client =
        builder()
            .store(store)
            .dpop(other)
            .authentication(ClientAuthentication.attestationByDpop(ID, attester, other))
            .build()) {
      assertThatThrownBy(() -> client.tokens(login).token())
          .isInstanceOfSatisfying(
              LoginRequiredException.class,
              e -> assertThat(e.reason()).isEqualTo(LoginRequiredException.Reason.KEY_NOT_HELD));
    }
    assertThat(server.tokenRequests()).hasSize(1);
  }
}
