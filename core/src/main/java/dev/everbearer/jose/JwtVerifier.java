package dev.everbearer.jose;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Verifies the signatures of one server's JWTs. Thread-safe. */
public final class JwtVerifier {

  private final AlgorithmRule rule;
  private final KeySource keys;
  private final @Nullable Supplier<String> clientSecret;

  /** A verifier by a server's public keys, under a rule that knows asymmetric algorithms alone. */
  public static JwtVerifier byKeys(AlgorithmRule rule, KeySource keys) {
    return new JwtVerifier(rule, keys, null);
  }

  /**
   * A verifier for a client that may have registered an HMAC.
   *
   * @param clientSecret asked for each JWT if the rule is for HMAC; null when the client has none
   * @throws IllegalArgumentException if the rule wants a secret and there is none
   */
  public JwtVerifier(AlgorithmRule rule, KeySource keys, @Nullable Supplier<String> clientSecret) {
    if (rule.isSymmetric() && clientSecret == null) {
      throw new IllegalArgumentException(
          "JWTs signed by %s are checked with the client secret, and this client has none."
              .formatted(rule));
    }
    this.rule = rule;
    this.keys = keys;
    this.clientSecret = clientSecret;
  }

  /**
   * Verifies the signature. If the keys at hand do not, the server is asked for its keys once more,
   * as far as that is due: it may have changed them just before it signed.
   *
   * @return the algorithm of the signature
   * @throws InvalidJwtException if it is not verified
   * @throws dev.everbearer.token.OAuthException when the keys cannot be had
   * @throws InterruptedException when interrupted
   */
  public SignatureAlgorithm verify(CompactJws jwt)
      throws InvalidJwtException, InterruptedException {
    SignatureAlgorithm algorithm = rule.check(jwt);
    if (algorithm.isSymmetric()) {
      verifyMac(jwt, algorithm);
      return algorithm;
    }
    Jwks known = keys.current();
    try {
      verify(jwt, algorithm, known);
    } catch (InvalidJwtException e) {
      Jwks newer = keys.newerThan(known);
      if (newer == known) {
        throw e;
      }
      verify(jwt, algorithm, newer);
    }
    return algorithm;
  }

  private static void verify(CompactJws jwt, SignatureAlgorithm algorithm, Jwks jwks)
      throws InvalidJwtException {
    VerificationKey key = jwks.choose(jwt.keyId(), algorithm);
    require(
        Signatures.verify(algorithm, key.publicKey(), jwt.signingInput(), jwt.signature()),
        "it does not bear the signature of its server's key");
  }

  private void verifyMac(CompactJws jwt, SignatureAlgorithm algorithm) throws InvalidJwtException {
    String secret = Objects.requireNonNull(clientSecret).get();
    require(
        Signatures.verifyMac(algorithm, secret, jwt.signingInput(), jwt.signature()),
        "its signature was not made with the client secret");
  }

  private static void require(boolean isVerified, String otherwise) throws InvalidJwtException {
    if (!isVerified) {
      throw new InvalidJwtException(otherwise);
    }
  }
}
