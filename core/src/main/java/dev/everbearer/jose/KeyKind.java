package dev.everbearer.jose;

import com.nimbusds.jose.jwk.Curve;
import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import org.jspecify.annotations.Nullable;

/** The kinds of asymmetric keys that we use: a key type, with its curve where it has one. */
public enum KeyKind {
  RSA("RSA", null),
  P_256("EC", "P-256"),
  P_384("EC", "P-384"),
  P_521("EC", "P-521"),
  ED25519("OKP", "Ed25519");

  static final int MIN_RSA_BITS = 2048;
  static final int MAX_RSA_BITS = 8192;

  private final String keyType;
  private final @Nullable String curve;

  KeyKind(String keyType, @Nullable String curve) {
    this.keyType = keyType;
    this.curve = curve;
  }

  /** The {@code kty} of such a key. */
  public String keyType() {
    return keyType;
  }

  /** The kind that a JWK's {@code kty} and {@code crv} name; null when we know none such. */
  static @Nullable KeyKind named(@Nullable Object keyType, @Nullable Object curve) {
    for (KeyKind kind : values()) {
      if (kind.keyType.equals(keyType) && (kind.curve == null || kind.curve.equals(curve))) {
        return kind;
      }
    }
    return null;
  }

  /**
   * The kind of a private or public key.
   *
   * @throws IllegalArgumentException if it is of none of these kinds, or an RSA key of a size that
   *     we refuse
   */
  public static KeyKind of(Key key) {
    if (key instanceof RSAKey rsa) {
      requireSize(rsa.getModulus().bitLength());
      return RSA;
    }
    KeyKind kind =
        key instanceof ECKey ec
            ? named("EC", curveName(ec))
            : key instanceof EdECKey edwards ? named("OKP", edwards.getParams().getName()) : null;
    if (kind == null) {
      throw new IllegalArgumentException(
          "A key of the type %s cannot be used here: it must be RSA, EC on P-256, P-384 or P-521,"
                  .formatted(key.getAlgorithm())
              + " or Ed25519.");
    }
    return kind;
  }

  private static String curveName(ECKey key) {
    Curve curve = Curve.forECParameterSpec(key.getParams());
    return curve == null ? "" : curve.getName();
  }

  private static void requireSize(int bits) {
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw new IllegalArgumentException(
          "An RSA key of %d bits is refused: RFC 7518 section 3.3 wants at least %d, and more than"
                  .formatted(bits, MIN_RSA_BITS)
              + " "
              + MAX_RSA_BITS
              + " only cost time.");
    }
  }
}
