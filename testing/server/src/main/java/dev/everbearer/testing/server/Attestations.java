package dev.everbearer.testing.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Checks the attestations of clients and the proofs of their keys
 * (draft-ietf-oauth-attestation-based-client-auth-10 section 7), and gives challenges (section 6).
 */
final class Attestations {

  static final String ATTESTATION = "OAuth-Client-Attestation";
  static final String PROOF = "OAuth-Client-Attestation-PoP";
  static final String CHALLENGE = "OAuth-Client-Attestation-Challenge";

  private static final Duration PROOF_LIFETIME = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final AttestationRules rules;
  private final Supplier<String> issuer;
  private final DpopProofs dpopProofs;
  private final ReplayMemory seen;

  Attestations(InstantSource clock, AttestationRules rules, Supplier<String> issuer) {
    this.clock = clock;
    this.rules = rules;
    this.issuer = issuer;
    this.dpopProofs = new DpopProofs(clock, new DpopRules());
    this.seen = new ReplayMemory(clock);
  }

  static boolean isIn(RecordedRequest request) {
    return !request.headers(ATTESTATION).isEmpty() || !request.headers(PROOF).isEmpty();
  }

  boolean isOffered() {
    return rules.isOffered();
  }

  /** The challenge endpoint (section 6.1). */
  Answer challenge(RecordedRequest request) {
    if (!rules.hasChallengeEndpoint()) {
      return Answers.notFound();
    }
    return request.method().equals("POST")
        ? Answers.uncached(
            Answer.json(200, Json.write(Map.of("attestation_challenge", rules.newChallenge()))))
        : Answers.onlyAllowed("POST");
  }

  void check(Attestation attestation, RecordedRequest request) {
    try {
      JWK key = checkAttestation(attestation.jwt());
      if (attestation.method() == ClientAuthMethod.ATTEST_JWT_CLIENT_AUTH) {
        checkProof(ReceivedJwt.parse(Attestation.only(request, PROOF)), key);
      } else {
        checkDpopProof(request, key);
      }
    } catch (BadJwt e) {
      throw OAuthError.invalidClient("The attestation is refused. " + e.description());
    } catch (JOSEException e) {
      throw OAuthError.invalidClient("The key has no thumbprint");
    }
  }

  private JWK checkAttestation(ReceivedJwt jwt) {
    // 2. The type, 3. the algorithm, 4. the signature of an attester.
    jwt.requireTyp(List.of("oauth-client-attestation+jwt"));
    jwt.requireAlgorithm(rules.algorithms());
    jwt.requireSignatureBy(rules.attesters());
    // 5. The key is public.
    JWK key = confirmed(jwt);
    if (key.isPrivate() || key.getKeyType().equals(KeyType.OCT)) {
      throw new BadJwt("The jwk must be a public key");
    }
    // 6. The times.
    if (!clock.instant().isBefore(jwt.instant("exp"))) {
      throw new BadJwt("The attestation is expired");
    }
    if (jwt.claims().containsKey("iat") && jwt.instant("iat").isBefore(rules.oldest())) {
      throw OAuthError.of("use_fresh_attestation", "The attestation is not fresh enough");
    }
    return key;
  }

  private static JWK confirmed(ReceivedJwt jwt) {
    if (jwt.claims().get("cnf") instanceof Map<?, ?> confirmation
        && confirmation.get("jwk") instanceof Map<?, ?> jwk) {
      try {
        return JWK.parse(Json.write(jwk));
      } catch (ParseException e) {
        throw new BadJwt("The jwk is no key");
      }
    }
    throw new BadJwt("There is no cnf with a jwk");
  }

  private void checkProof(ReceivedJwt proof, JWK key) {
    // 2. The type, 3. the algorithm, 4. the signature by the attested key.
    proof.requireTyp(List.of("oauth-client-attestation-pop+jwt"));
    proof.requireAlgorithm(rules.proofAlgorithms());
    proof.requireSignatureBy(new JWKSet(key));
    // 5. The challenge.
    requireChallenge(proof.text("challenge").orElse(""));
    // 6. The time, 7. the audience.
    Instant now = clock.instant();
    proof.requireNotAhead("iat", now);
    if (proof.instant("iat").isBefore(now.minus(PROOF_LIFETIME))) {
      throw new BadJwt("The iat lies too far back");
    }
    proof.requireAudience(Set.of(issuer.get()), false);
    // 9. Never seen before.
    seen.requireFirstUse(proof.requiredText("jti"), now.plus(PROOF_LIFETIME).plus(PROOF_LIFETIME));
  }

  private void checkDpopProof(RecordedRequest request, JWK key) throws JOSEException {
    // 2. One proof, 3. by the rules of DPoP, 4. of the attested key.
    if (!dpopProofs.check(request, null).equals(key.computeThumbprint().toString())) {
      throw new BadJwt("The DPoP proof is not by the attested key");
    }
    // 5. The challenge.
    requireChallenge(ReceivedJwt.parse(Attestation.only(request, "DPoP")).text("nonce").orElse(""));
  }

  private void requireChallenge(String challenge) {
    if (rules.isChallengeRequired() && !rules.isUnused(challenge)) {
      throw OAuthError.of("use_attestation_challenge", "The proof must hold a new challenge")
          .withHeader(CHALLENGE, rules.newChallenge());
    }
  }
}
