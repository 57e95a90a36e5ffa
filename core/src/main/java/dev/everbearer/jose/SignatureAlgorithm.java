package dev.everbearer.jose;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JWS algorithms that we know (RFC 7518 section 3.1, RFC 8037, RFC 9864). There is no {@code
 * none} among them.
 */
public enum SignatureAlgorithm {
  RS256("RS256", KeyKind.RSA, 256),
  PS256("PS256", KeyKind.RSA, 256),
  RS384("RS384", KeyKind.RSA, 384),
  PS384("PS384", KeyKind.RSA, 384),
  RS512("RS512", KeyKind.RSA, 512),
  PS512("PS512", KeyKind.RSA, 512),
  ES256("ES256", KeyKind.P_256, 256),
  ES384("ES384", KeyKind.P_384, 384),
  ES512("ES512", KeyKind.P_521, 512),
  /** The full name by RFC 9864 of what follows. */
  ED25519("Ed25519", KeyKind.ED25519, 512),
  /** The older name, which leaves the curve to the key. */
  EDDSA("EdDSA", KeyKind.ED25519, 512),
  HS256("HS256", null, 256),
  HS384("HS384", null, 384),
  HS512("HS512", null, 512);

  private final String wireName;
  private final @Nullable KeyKind keyKind;
  private final int hashBits;

  SignatureAlgorithm(String wireName, @Nullable KeyKind keyKind, int hashBits) {
    this.wireName = wireName;
    this.keyKind = keyKind;
    this.hashBits = hashBits;
  }

  /** The algorithm of this {@code alg}, case and all; null when we know none such. */
  public static @Nullable SignatureAlgorithm named(@Nullable Object alg) {
    return Arrays.stream(values())
        .filter(each -> each.wireName.equals(alg))
        .findFirst()
        .orElse(null);
  }

  /** Those that a key can make, the usual one first. */
  public static List<SignatureAlgorithm> of(KeyKind kind) {
    return Arrays.stream(values()).filter(each -> each.keyKind == kind).toList();
  }

  /** As it stands in {@code alg}. */
  public String wireName() {
    return wireName;
  }

  /** Whether it needs a secret that both sides know. */
  public boolean isSymmetric() {
    return keyKind == null;
  }

  /** Whether a key of this kind can make and check it. */
  public boolean fits(KeyKind kind) {
    return keyKind == kind;
  }

  /** Whether both are the same algorithm, be it under two names. */
  public boolean isSameAs(SignatureAlgorithm other) {
    return this == other || (fits(KeyKind.ED25519) && other.fits(KeyKind.ED25519));
  }

  /** The name of its hash at {@code MessageDigest}, such as {@code SHA-256}. */
  public String hash() {
    return "SHA-" + hashBits;
  }

  /** The shortest secret for a symmetric one, in bytes (RFC 7518 section 3.2). */
  int minSecretBytes() {
    return hashBits / 8;
  }

  JWSAlgorithm toJws() {
    return JWSAlgorithm.parse(wireName);
  }

  @Override
  public String toString() {
    return wireName;
  }
}
