package dev.everbearer.testing.server;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What an authorization server wants of attested clients, by
 * draft-ietf-oauth-attestation-based-client-auth-10. At first no attester is trusted, so that the
 * methods are not offered, and no challenge is wanted. Thread-safe.
 */
public final class AttestationRules {

  private final List<JWK> trusted = new CopyOnWriteArrayList<>();
  private final Set<String> unusedChallenges = ConcurrentHashMap.newKeySet();
  private volatile boolean challengeEndpoint;
  private volatile boolean challengeRequired;
  private volatile boolean challengeOnEveryAnswer;
  private volatile Instant oldest = Instant.EPOCH;
  private volatile List<String> algorithms = List.of("ES256", "ES384", "PS256", "RS256", "EdDSA");
  private volatile List<String> proofAlgorithms = algorithms;

  AttestationRules() {}

  /**
   * Trusts an attester, and offers the methods from now on.
   *
   * @param publicJwkJson the attester's public key as JWK, in JSON
   */
  public AttestationRules trust(String publicJwkJson) {
    try {
      trusted.add(JWK.parse(publicJwkJson).toPublicJWK());
      return this;
    } catch (ParseException e) {
      throw new IllegalArgumentException("No JWK", e);
    }
  }

  /** Whether there is a challenge endpoint; not at first. */
  public AttestationRules offerChallengeEndpoint(boolean value) {
    challengeEndpoint = value;
    return this;
  }

  /** Whether a proof must hold a challenge that was given and not used before. */
  public AttestationRules requireChallenge(boolean value) {
    challengeRequired = value;
    return this;
  }

  /** Whether each answer of an endpoint brings a new challenge. */
  public AttestationRules challengeOnEveryAnswer(boolean value) {
    challengeOnEveryAnswer = value;
    return this;
  }

  /** Calls attestations stale that were issued before. */
  public AttestationRules refuseIssuedBefore(Instant instant) {
    oldest = instant;
    return this;
  }

  /** Accepts exactly these algorithms of attestations, and lists them in the metadata. */
  public AttestationRules acceptAlgorithms(String... values) {
    algorithms = List.of(values);
    return this;
  }

  /** Accepts exactly these algorithms of proofs, and lists them in the metadata. */
  public AttestationRules acceptProofAlgorithms(String... values) {
    proofAlgorithms = List.of(values);
    return this;
  }

  /** Gives a new challenge, good for one proof. */
  public String newChallenge() {
    String challenge = RandomValues.next("challenge-");
    unusedChallenges.add(challenge);
    return challenge;
  }

  /** Makes every challenge that was given so far useless. */
  public AttestationRules forgetChallenges() {
    unusedChallenges.clear();
    return this;
  }

  boolean isOffered() {
    return !trusted.isEmpty();
  }

  boolean hasChallengeEndpoint() {
    return challengeEndpoint;
  }

  boolean isChallengeRequired() {
    return challengeRequired;
  }

  boolean isUnused(String challenge) {
    return unusedChallenges.remove(challenge);
  }

  JWKSet attesters() {
    return new JWKSet(List.copyOf(trusted));
  }

  Instant oldest() {
    return oldest;
  }

  List<String> algorithms() {
    return algorithms;
  }

  List<String> proofAlgorithms() {
    return proofAlgorithms;
  }

  Answer withChallenge(Answer answer) {
    return challengeOnEveryAnswer ? answer.header(Attestations.CHALLENGE, newChallenge()) : answer;
  }

  void describe(Map<String, Object> document) {
    if (isOffered()) {
      document.put("client_attestation_signing_alg_values_supported", algorithms);
      document.put("client_attestation_pop_signing_alg_values_supported", proofAlgorithms);
    }
    if (!challengeEndpoint) {
      document.remove("challenge_endpoint");
    }
  }
}
