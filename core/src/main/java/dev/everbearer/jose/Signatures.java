package dev.everbearer.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/**
 * Signatures in the form of RFC 7518 section 3. Ed25519 is the platform's, everything else is
 * Nimbus's, which refuses zero-valued ECDSA signatures before the platform sees them.
 */
public final class Signatures {

  private static final String ED25519 = "Ed25519";

  private Signatures() {}

  /**
   * Signs.
   *
   * @throws IllegalStateException if the key cannot sign by this algorithm
   */
  public static byte[] sign(SignatureAlgorithm algorithm, PrivateKey key, byte[] input) {
    try {
      if (algorithm.fits(KeyKind.ED25519)) {
        Signature signature = Signature.getInstance(ED25519);
        signature.initSign(key);
        signature.update(input);
        return signature.sign();
      }
      JWSSigner signer =
          algorithm.fits(KeyKind.RSA) ? new RSASSASigner(key) : ecdsa(algorithm, key);
      return signer.sign(header(algorithm), input).decode();
    } catch (GeneralSecurityException | JOSEException e) {
      throw new IllegalStateException(
          "The signing key cannot sign by %s; its provider says: %s."
              .formatted(algorithm, e.getClass().getSimpleName()));
    }
  }

  private static JWSSigner ecdsa(SignatureAlgorithm algorithm, PrivateKey key)
      throws JOSEException {
    return key instanceof ECPrivateKey ec
        ? new ECDSASigner(ec)
        : new ECDSASigner(key, Curve.forJWSAlgorithm(algorithm.toJws()).iterator().next());
  }

  /** Whether a signature is that of this key; false, too, for one that is malformed. */
  public static boolean verify(
      SignatureAlgorithm algorithm, PublicKey key, byte[] input, byte[] signature) {
    try {
      if (algorithm.fits(KeyKind.ED25519)) {
        Signature verifier = Signature.getInstance(ED25519);
        verifier.initVerify(key);
        verifier.update(input);
        return verifier.verify(signature);
      }
      JWSVerifier verifier =
          algorithm.fits(KeyKind.RSA)
              ? new RSASSAVerifier((RSAPublicKey) key)
              : new ECDSAVerifier((ECPublicKey) key);
      return verifier.verify(header(algorithm), input, Base64URL.encode(signature));
    } catch (GeneralSecurityException | JOSEException e) {
      return false;
    }
  }

  /**
   * The HMAC of a text under a secret.
   *
   * @throws IllegalArgumentException if the secret is shorter than the hash (RFC 7518 section 3.2)
   */
  public static byte[] mac(SignatureAlgorithm algorithm, String secret, byte[] input) {
    try {
      return new MACSigner(key(algorithm, secret)).sign(header(algorithm), input).decode();
    } catch (JOSEException e) {
      throw new IllegalStateException("The platform has no HMAC for " + algorithm + ".", e);
    }
  }

  static boolean verifyMac(
      SignatureAlgorithm algorithm, String secret, byte[] input, byte[] signature) {
    try {
      return new MACVerifier(key(algorithm, secret))
          .verify(header(algorithm), input, Base64URL.encode(signature));
    } catch (JOSEException e) {
      return false;
    }
  }

  private static byte[] key(SignatureAlgorithm algorithm, String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < algorithm.minSecretBytes()) {
      throw new IllegalArgumentException(
          "The client secret has %d bytes, and %s needs at least %d (RFC 7518 section 3.2). Have the"
                  .formatted(bytes.length, algorithm, algorithm.minSecretBytes())
              + " server make a longer one, or use another client authentication method.");
    }
    return bytes;
  }

  private static JWSHeader header(SignatureAlgorithm algorithm) {
    return new JWSHeader(algorithm.toJws());
  }
}
