package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import dev.everbearer.testing.server.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.Map;

/**
 * A DPoP proof (RFC 9449 section 4.2) as a server reads it.
 *
 * @param jwk the key in its header
 * @param algorithm its {@code alg}
 * @param claims its claims
 */
public record Proof(JWK jwk, String algorithm, Map<String, Object> claims) {

  /** The only proof of a request. */
  public static Proof of(RecordedRequest request) {
    assertThat(request.headers("DPoP")).as("proofs of %s", request).hasSize(1);
    return parse(request.headers("DPoP").get(0));
  }

  /** Reads a proof and verifies its form and its signature. */
  public static Proof parse(String text) {
    try {
      SignedJWT jwt = SignedJWT.parse(text);
      JWK jwk = jwt.getHeader().getJWK();
      assertThat(jwt.getHeader().getType()).hasToString("dpop+jwt");
      assertThat(jwk.isPrivate()).isFalse();
      assertThat(jwt.getHeader().toJSONObject()).containsOnlyKeys("typ", "alg", "jwk");
      assertThat(jwt.verify(verifier(jwk))).as("signature").isTrue();
      return new Proof(
          jwk, jwt.getHeader().getAlgorithm().getName(), jwt.getPayload().toJSONObject());
    } catch (ParseException | JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static JWSVerifier verifier(JWK jwk) throws JOSEException {
    return jwk.getKeyType().getValue().equals("RSA")
        ? new RSASSAVerifier(jwk.toRSAKey())
        : new ECDSAVerifier(jwk.toECKey());
  }

  /** A claim that is a string; null when there is none. */
  public String claim(String name) {
    return (String) claims.get(name);
  }

  /** The thumbprint of its key. */
  public String thumbprint() {
    try {
      return jwk.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** A new key pair for ES256. */
  public static KeyPair newPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** What {@code ath} must be for a token. */
  public static String hash(String token) {
    try {
      return Base64URL.encode(
              MessageDigest.getInstance("SHA-256")
                  .digest(token.getBytes(StandardCharsets.US_ASCII)))
          .toString();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
