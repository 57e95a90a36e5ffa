package dev.everbearer.jose;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Key pairs for tests, the JWKs that a server would publish of them, and JWTs signed by them. */
public final class Keys {

  public static final KeyPair RSA = rsa(2048);
  public static final KeyPair OTHER_RSA = rsa(2048);
  public static final KeyPair P256 = pair("EC", new ECGenParameterSpec("secp256r1"));
  public static final KeyPair OTHER_P256 = pair("EC", new ECGenParameterSpec("secp256r1"));
  public static final KeyPair P384 = pair("EC", new ECGenParameterSpec("secp384r1"));
  public static final KeyPair P521 = pair("EC", new ECGenParameterSpec("secp521r1"));
  public static final KeyPair ED25519 = pair("Ed25519", NamedParameterSpec.ED25519);

  private Keys() {}

  /** A new RSA pair. */
  public static KeyPair rsa(int bits) {
    return pair("RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
  }

  /** A new pair on P-256. */
  public static KeyPair p256() {
    return pair("EC", new ECGenParameterSpec("secp256r1"));
  }

  private static KeyPair pair(String type, AlgorithmParameterSpec spec) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
      generator.initialize(spec);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The pair that fits an algorithm. */
  public static KeyPair of(SignatureAlgorithm algorithm) {
    return List.of(RSA, P256, P384, P521, ED25519).stream()
        .filter(pair -> algorithm.fits(KeyKind.of(pair.getPublic())))
        .findFirst()
        .orElseThrow();
  }

  /** The public JWK of a pair with more members, such as {@code "kid", "a", "alg", "RS256"}. */
  public static Map<String, Object> jwk(KeyPair pair, String... namesAndValues) {
    Map<String, Object> jwk = new LinkedHashMap<>(PublicJwk.members(pair.getPublic()));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      jwk.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return jwk;
  }

  /** The document of a key set. */
  public static Map<String, Object> document(Map<?, ?>... jwks) {
    return Map.of("keys", List.of(jwks));
  }

  /** A key set. */
  public static Jwks jwks(Map<?, ?>... jwks) {
    return parsed(List.of(jwks));
  }

  private static Jwks parsed(List<?> jwks) {
    try {
      return Jwks.parse(Map.of("keys", jwks));
    } catch (Jwks.UnusableKeySetException e) {
      throw new AssertionError(e);
    }
  }

  /** Keys that never change. */
  public static KeySource source(Map<?, ?>... jwks) {
    Jwks set = parsed(List.of(jwks));
    return new KeySource() {
      @Override
      public Jwks current() {
        return set;
      }

      @Override
      public Jwks newerThan(Jwks known) {
        return known;
      }
    };
  }

  /** A JWT signed by the pair that fits its algorithm. */
  public static String jwt(SignatureAlgorithm algorithm, String kid, Map<String, ?> claims) {
    return jwt(algorithm, of(algorithm), kid, claims);
  }

  /**
   * A signed JWT.
   *
   * @param kid empty leaves it out
   */
  public static String jwt(
      SignatureAlgorithm algorithm, KeyPair pair, String kid, Map<String, ?> claims) {
    return jwt("JWT", algorithm, pair, kid, claims);
  }

  /** As {@link #jwt(SignatureAlgorithm, KeyPair, String, Map)}, of another {@code typ}. */
  static String jwt(
      String typ, SignatureAlgorithm algorithm, KeyPair pair, String kid, Map<String, ?> claims) {
    return JwtSigner.compact(
        typ,
        algorithm,
        kid.isEmpty() ? null : kid,
        claims,
        input -> Signatures.sign(algorithm, pair.getPrivate(), input));
  }

  /** A JWT whose header and claims are these texts, signed by RS256. */
  public static String jwtOf(String header, String claims) {
    String input =
        Base64Url.encode(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + Base64Url.encode(claims.getBytes(StandardCharsets.UTF_8));
    byte[] signature =
        Signatures.sign(
            SignatureAlgorithm.RS256, RSA.getPrivate(), input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + Base64Url.encode(signature);
  }
}
