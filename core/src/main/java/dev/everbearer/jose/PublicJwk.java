package dev.everbearer.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.ThumbprintUtils;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Public keys as JWKs (RFC 7517, RFC 8037): the members that make the key, and no others. */
public final class PublicJwk {

  /** What stands before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410 section 4). */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int ED25519_BYTES = 32;

  private PublicJwk() {}

  /** The members {@code kty}, {@code crv}, {@code n} and so on, in the order of their names. */
  public static Map<String, Object> members(PublicKey key) {
    KeyKind kind = KeyKind.of(key);
    if (kind == KeyKind.ED25519) {
      byte[] encoded = key.getEncoded();
      byte[] x = Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
      return required("crv", "Ed25519", "kty", "OKP", "x", Base64Url.encode(x));
    }
    JWK jwk =
        key instanceof RSAPublicKey rsa
            ? new RSAKey.Builder(rsa).build()
            : ecKey((ECPublicKey) key);
    return new LinkedHashMap<>(jwk.getRequiredParams());
  }

  private static ECKey ecKey(ECPublicKey key) {
    return new ECKey.Builder(Curve.forECParameterSpec(key.getParams()), key).build();
  }

  private static Map<String, Object> required(String... namesAndValues) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return members;
  }

  /** The SHA-256 thumbprint of a key (RFC 7638). */
  public static String thumbprint(PublicKey key) {
    try {
      return ThumbprintUtils.compute("SHA-256", new LinkedHashMap<>(members(key))).toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("The platform has no SHA-256.", e);
    }
  }

  /**
   * The key that a JWK's members make.
   *
   * @throws IllegalArgumentException if they make none; the message repeats no value
   */
  static PublicKey parse(KeyKind kind, Map<String, Object> jwk) {
    try {
      PublicKey key =
          switch (kind) {
            case RSA -> RSAKey.parse(only(jwk, "kty", "n", "e")).toPublicKey();
            case P_256, P_384, P_521 ->
                ECKey.parse(only(jwk, "kty", "crv", "x", "y")).toPublicKey();
            case ED25519 -> ed25519(jwk.get("x"));
          };
      KeyKind.of(key);
      return key;
    } catch (ParseException | JOSEException | GeneralSecurityException e) {
      throw new IllegalArgumentException("its members make no key of the type " + kind.keyType());
    }
  }

  private static Map<String, Object> only(Map<String, Object> jwk, String... names) {
    Map<String, Object> kept = new LinkedHashMap<>(jwk);
    kept.keySet().retainAll(Arrays.asList(names));
    return kept;
  }

  private static PublicKey ed25519(@Nullable Object x) throws GeneralSecurityException {
    byte[] bytes = Base64Url.decode(String.valueOf(x));
    if (bytes.length != ED25519_BYTES) {
      throw new IllegalArgumentException("its x has not the length of an Ed25519 key");
    }
    byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + ED25519_BYTES);
    System.arraycopy(bytes, 0, encoded, ED25519_PREFIX.length, ED25519_BYTES);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }
}
