package dev.everbearer.jose;

import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A public key of a server's key set, for signatures.
 *
 * @param keyId its {@code kid}; null when it has none
 * @param algorithm the only one that it is for; null when it does not say
 */
record VerificationKey(
    @Nullable String keyId,
    @Nullable SignatureAlgorithm algorithm,
    KeyKind kind,
    PublicKey publicKey) {

  private static final Set<String> PRIVATE_MEMBERS =
      Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv");

  /** Why a key of a set is left out; the message names no member's value. */
  static final class UnusableKeyException extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableKeyException(String message) {
      super(message, null, false, false);
    }
  }

  static VerificationKey parse(Map<String, Object> jwk) throws UnusableKeyException {
    // 1. Nothing that is secret belongs into a public key set, and symmetric keys are secret.
    if (jwk.keySet().stream().anyMatch(PRIVATE_MEMBERS::contains) || "oct".equals(jwk.get("kty"))) {
      throw new UnusableKeyException("it has private members");
    }
    // 2. It is for signatures (RFC 7517 sections 4.2 and 4.3).
    requireForSignatures(jwk);
    // 3. Its type and curve are known, and one known algorithm may be named for it.
    KeyKind kind = KeyKind.named(jwk.get("kty"), jwk.get("crv"));
    if (kind == null) {
      throw new UnusableKeyException("its type or curve is not known");
    }
    SignatureAlgorithm algorithm = algorithm(jwk.get("alg"), kind);
    // 4. Its members make a key of an allowed size.
    try {
      return new VerificationKey(text(jwk.get("kid")), algorithm, kind, PublicJwk.parse(kind, jwk));
    } catch (IllegalArgumentException e) {
      throw new UnusableKeyException(String.valueOf(e.getMessage()));
    }
  }

  /** The SHA-256 thumbprint (RFC 7638) of a public key inside a JWT. */
  static String thumbprint(Map<String, Object> jwk) throws InvalidJwtException {
    try {
      return PublicJwk.thumbprint(parse(jwk).publicKey());
    } catch (UnusableKeyException e) {
      throw new InvalidJwtException("its key cannot be used: " + e.getMessage());
    }
  }

  private static void requireForSignatures(Map<String, Object> jwk) throws UnusableKeyException {
    boolean isOtherUse = jwk.containsKey("use") && !"sig".equals(jwk.get("use"));
    boolean isOtherOperation =
        jwk.containsKey("key_ops")
            && !(jwk.get("key_ops") instanceof List<?> operations && operations.contains("verify"));
    if (isOtherUse || isOtherOperation) {
      throw new UnusableKeyException("it is not for signatures");
    }
  }

  private static @Nullable SignatureAlgorithm algorithm(@Nullable Object alg, KeyKind kind)
      throws UnusableKeyException {
    if (alg == null) {
      return null;
    }
    SignatureAlgorithm algorithm = SignatureAlgorithm.named(alg);
    if (algorithm == null || !algorithm.fits(kind)) {
      throw new UnusableKeyException("its alg is not known or does not fit its type");
    }
    return algorithm;
  }

  private static @Nullable String text(@Nullable Object keyId) throws UnusableKeyException {
    if (keyId != null && !(keyId instanceof String)) {
      throw new UnusableKeyException("its kid is not a string");
    }
    return (String) keyId;
  }

  /** Whether a signature by this algorithm can be checked with it. */
  boolean fits(SignatureAlgorithm asked) {
    return asked.fits(kind) && (algorithm == null || algorithm.isSameAs(asked));
  }
}
