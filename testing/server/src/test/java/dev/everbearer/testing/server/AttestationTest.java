package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class AttestationTest {

  private static final String FORM = "grant_type=client_credentials&client_id=c";

  private final JWK attester = ServerKeys.generate("ES256", "attester");
  private final JWK other = ServerKeys.generate("ES256", "attester");
  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private final DpopClient instance;

  AttestationTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
    this.instance = new DpopClient(clock);
  }

  @BeforeEach
  void register() {
    server.attestations().trust(attester.toPublicJWK().toJSONString());
    register(ClientAuthMethod.ATTEST_JWT_CLIENT_AUTH);
  }

  private void register(ClientAuthMethod method) {
    server.clientMetadata("c", Map.of("token_endpoint_auth_method", method.metadataName()));
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private Jwt attestation() {
    return Jwt.signedBy(attester.toJSONString(), "ES256")
        .header("typ", "oauth-client-attestation+jwt")
        .claim("sub", "c")
        .claim("iat", now())
        .claim("exp", now() + 3600)
        .claim("cnf", Map.of("jwk", members(instance.key.toPublicJWK())));
  }

  private static Map<String, Object> members(JWK key) {
    try {
      return JSONObjectUtils.parse(key.toJSONString());
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private Jwt proof() {
    return Jwt.signedBy(instance.key, "ES256")
        .withoutHeader("kid")
        .header("typ", "oauth-client-attestation-pop+jwt")
        .claim("aud", server.issuer().toString())
        .claim("jti", UUID.randomUUID().toString())
        .claim("iat", now());
  }

  private HttpResponse<String> send(String... headers) throws IOException {
    return http.post(server.tokenEndpoint(), FORM, headers);
  }

  private HttpResponse<String> send(Jwt attestation, Jwt proof) throws IOException {
    return send(
        Attestations.ATTESTATION, attestation.compact(), Attestations.PROOF, proof.compact());
  }

  private HttpResponse<String> byDpop(UnaryOperator<Jwt> change) throws IOException {
    Jwt proof = change.apply(instance.proof("POST", server.tokenEndpoint()));
    return send(Attestations.ATTESTATION, attestation().compact(), "DPoP", proof.compact());
  }

  private static void assertRefused(HttpResponse<String> answer, String error, String description) {
    assertThat(string(answer, "error")).isEqualTo(error);
    assertThat(string(answer, "error_description")).contains(description);
  }

  private void refusesAttestation(UnaryOperator<Jwt> fault, String why) throws IOException {
    assertRefused(send(fault.apply(attestation()), proof()), "invalid_client", why);
  }

  private void refusesProof(UnaryOperator<Jwt> fault, String why) throws IOException {
    assertRefused(send(attestation(), fault.apply(proof())), "invalid_client", why);
  }

  @Test
  void takesAnAttestationWithItsProof() throws IOException {
    assertThat(send(attestation(), proof()).body()).contains("access_token");
    assertThat(send(attestation().without("iat"), proof()).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesAttestationsWithAFault() throws IOException {
    refusesAttestation(a -> a.header("typ", "JWT"), "typ");
    refusesAttestation(a -> a.resigned(other.toJSONString(), "ES256"), "signature is wrong");
    refusesAttestation(a -> a.claim("exp", now()), "expired");
    refusesAttestation(a -> a.without("exp"), "exp");
    refusesAttestation(a -> a.claim("sub", "d"), "client_id is not the sub");
    refusesAttestation(a -> a.without("cnf"), "cnf");
    refusesAttestation(a -> a.claim("cnf", Map.of("jwk", members(instance.key))), "public");
    server.attestations().acceptAlgorithms("PS256");
    refusesAttestation(a -> a, "alg");
  }

  @Test
  void refusesProofsWithAFault() throws IOException {
    refusesProof(p -> p.header("typ", "JWT"), "typ");
    refusesProof(p -> p.resigned(other.toJSONString(), "ES256").withoutHeader("kid"), "signature");
    refusesProof(p -> p.claim("aud", server.tokenEndpoint().toString()), "aud");
    refusesProof(p -> p.claim("iat", now() - 61), "iat");
    refusesProof(p -> p.claim("iat", now() + 11), "ahead");
    refusesProof(p -> p.without("jti"), "jti");
    Jwt once = proof();
    assertThat(send(attestation(), once).statusCode()).isEqualTo(200);
    assertRefused(send(attestation(), once), "invalid_client", "seen before");
    server.attestations().acceptProofAlgorithms("PS256");
    refusesProof(p -> p, "alg");
  }

  @Test
  void refusesWhatIsNotThereOnce() throws IOException {
    assertRefused(
        send(Attestations.PROOF, proof().compact()), "invalid_client", "one OAuth-Client-");
    String twice = attestation().compact();
    assertRefused(
        send(
            Attestations.ATTESTATION,
            twice,
            Attestations.ATTESTATION,
            twice,
            Attestations.PROOF,
            proof().compact()),
        "invalid_client",
        "not 2");
    assertRefused(
        send(
            Attestations.ATTESTATION,
            attestation().compact(),
            Attestations.PROOF,
            proof().compact(),
            "Authorization",
            Http.basic("c", "s")),
        "invalid_request",
        "more than one");
  }

  @Test
  void takesADpopProofForTheClient() throws IOException {
    register(ClientAuthMethod.ATTEST_JWT_CLIENT_AUTH_DPOP);
    assertThat(byDpop(p -> p).body()).contains("\"token_type\":\"DPoP\"");
    assertRefused(
        byDpop(p -> new DpopClient(clock).proof("POST", server.tokenEndpoint())),
        "invalid_client",
        "not by the attested key");
    assertRefused(
        send(Attestations.ATTESTATION, attestation().compact()), "invalid_dpop_proof", "one DPoP");
    assertRefused(send(attestation(), proof()), "invalid_client", "another authentication method");
  }

  @Test
  void aChallengeIsGoodForOneProof() throws IOException {
    server.attestations().requireChallenge(true);
    HttpResponse<String> refused = send(attestation(), proof());
    assertRefused(refused, "use_attestation_challenge", "challenge");
    String given = refused.headers().firstValue(Attestations.CHALLENGE).orElseThrow();
    assertThat(send(attestation(), proof().claim("challenge", given)).statusCode()).isEqualTo(200);
    assertRefused(
        send(attestation(), proof().claim("challenge", given)), "use_attestation_challenge", "");
    register(ClientAuthMethod.ATTEST_JWT_CLIENT_AUTH_DPOP);
    assertRefused(byDpop(p -> p), "use_attestation_challenge", "");
    String another = server.attestations().newChallenge();
    assertThat(byDpop(p -> p.claim("nonce", another)).statusCode()).isEqualTo(200);
  }

  @Test
  void challengesComeFromTheirEndpointAndWithAnswers() throws IOException {
    assertThat(http.post(server.endpoint("challenge_endpoint"), "").statusCode()).isEqualTo(404);
    server.attestations().offerChallengeEndpoint(true).challengeOnEveryAnswer(true);
    assertThat(
            string(http.post(server.endpoint("challenge_endpoint"), ""), "attestation_challenge"))
        .startsWith("challenge-");
    assertThat(http.get(server.endpoint("challenge_endpoint")).statusCode()).isEqualTo(405);
    assertThat(send(attestation(), proof()).headers().allValues(Attestations.CHALLENGE)).hasSize(1);
  }

  @Test
  void callsOldAttestationsStale() throws IOException {
    Jwt old = attestation();
    server.attestations().refuseIssuedBefore(clock.instant().plusSeconds(1));
    assertRefused(send(old, proof()), "use_fresh_attestation", "fresh");
    clock.advance(Duration.ofSeconds(1));
    assertThat(send(attestation(), proof()).statusCode()).isEqualTo(200);
  }

  @Test
  void theMethodsAreListedOnceAnAttesterIsTrusted() throws IOException {
    String document = metadata(server);
    assertThat(document)
        .contains("attest_jwt_client_auth\"", "attest_jwt_client_auth_dpop")
        .contains("client_attestation_pop_signing_alg_values_supported")
        .doesNotContain("challenge_endpoint");
    server.attestations().offerChallengeEndpoint(true);
    assertThat(metadata(server)).contains("challenge_endpoint");
    try (ScriptedAuthorizationServer silent = ScriptedAuthorizationServer.start()) {
      assertThat(metadata(silent)).doesNotContain("attest");
    }
  }

  private String metadata(ScriptedAuthorizationServer of) throws IOException {
    return http.get(of.uri("/.well-known/oauth-authorization-server")).body();
  }
}
