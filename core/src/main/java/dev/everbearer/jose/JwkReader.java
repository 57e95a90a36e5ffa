package dev.everbearer.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads private keys from JWKs (RFC 7517). */
public final class JwkReader {

  private JwkReader() {}

  /**
   * Reads a private key.
   *
   * @throws IllegalArgumentException if the JWK holds none for signatures; the message shows
   *     nothing of it
   */
  public static KeyMaterial read(String json) {
    Map<String, Object> jwk = members(json);
    KeyKind kind = kind(jwk);
    requireUse(jwk, "sig", "sign");
    return material(kind, jwk, algorithm(jwk.get("alg"), kind));
  }

  /**
   * Reads a private key that opens what is encrypted to it.
   *
   * @throws IllegalArgumentException if the JWK holds none for encryption; the message shows
   *     nothing of it
   */
  public static KeyMaterial readForDecryption(String json) {
    Map<String, Object> jwk = members(json);
    KeyKind kind = kind(jwk);
    requireUse(jwk, "enc", kind == KeyKind.RSA ? "unwrapKey" : "deriveKey");
    return material(kind, jwk, null);
  }

  private static KeyKind kind(Map<String, Object> jwk) {
    KeyKind kind = KeyKind.named(jwk.get("kty"), jwk.get("crv"));
    if (kind == null) {
      throw unusable(
          "its kty and crv must be those of RSA, of EC on P-256, P-384 or P-521, or of Ed25519");
    }
    if (!(jwk.get("d") instanceof String)) {
      throw unusable("it has no private member d, so it is a public key");
    }
    return kind;
  }

  private static KeyMaterial material(
      KeyKind kind, Map<String, Object> jwk, @Nullable SignatureAlgorithm algorithm) {
    String keyId = jwk.get("kid") instanceof String text ? text : null;
    try {
      return new KeyMaterial(privateKey(kind, jwk), PublicJwk.parse(kind, jwk), keyId, algorithm);
    } catch (ParseException | JOSEException | GeneralSecurityException e) {
      // The library's own message is dropped on purpose: it may repeat the input.
      throw unusable("its members make no private key");
    }
  }

  private static Map<String, Object> members(String json) {
    try {
      return StrictJson.object(json.getBytes(StandardCharsets.UTF_8));
    } catch (BrokenJsonException e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  private static void requireUse(Map<String, Object> jwk, String use, String operation) {
    boolean isOtherUse = jwk.containsKey("use") && !use.equals(jwk.get("use"));
    boolean isOtherOperation =
        jwk.get("key_ops") instanceof List<?> operations && !operations.contains(operation);
    if (isOtherUse || isOtherOperation) {
      throw unusable("by its use or key_ops it is for something else");
    }
  }

  private static PrivateKey privateKey(KeyKind kind, Map<String, Object> jwk)
      throws ParseException, JOSEException, GeneralSecurityException {
    return switch (kind) {
      case RSA -> RSAKey.parse(jwk).toPrivateKey();
      case P_256, P_384, P_521 -> ECKey.parse(jwk).toPrivateKey();
      case ED25519 ->
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(
                  new EdECPrivateKeySpec(
                      NamedParameterSpec.ED25519, Base64Url.decode(String.valueOf(jwk.get("d")))));
    };
  }

  private static @Nullable SignatureAlgorithm algorithm(@Nullable Object alg, KeyKind kind) {
    if (alg == null) {
      return null;
    }
    SignatureAlgorithm algorithm = SignatureAlgorithm.named(alg);
    if (algorithm == null || !algorithm.fits(kind)) {
      throw unusable("its alg does not fit its key type");
    }
    return algorithm;
  }

  private static IllegalArgumentException unusable(String why) {
    return new IllegalArgumentException(
        "The JWK cannot be used as a private key here: " + why + ".");
  }
}
