package dev.everbearer.testing.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;

/** Signs and verifies by a JWS algorithm (RFC 7518 section 3, RFC 8037, RFC 9864). */
final class Signatures {

  private Signatures() {}

  /**
   * Signs.
   *
   * @throws IllegalArgumentException if key and algorithm do not fit
   */
  static byte[] sign(String algorithm, JWK key, byte[] input) {
    try {
      if (key instanceof OctetKeyPair pair) {
        return Ed25519.sign(pair, input);
      }
      JWSHeader header = new JWSHeader(JWSAlgorithm.parse(algorithm));
      return signer(key).sign(header, input).decode();
    } catch (JOSEException e) {
      throw new IllegalArgumentException("The key does not sign by " + algorithm, e);
    }
  }

  /** Whether the signature is right; false, too, if key and algorithm do not fit. */
  static boolean isRight(String algorithm, JWK key, byte[] input, byte[] signature) {
    try {
      if (key instanceof OctetKeyPair pair) {
        return Ed25519.isNamed(algorithm) && Ed25519.isRight(pair, input, signature);
      }
      JWSHeader header = new JWSHeader(JWSAlgorithm.parse(algorithm));
      return verifier(key).verify(header, input, Base64URL.encode(signature));
    } catch (JOSEException e) {
      return false;
    }
  }

  private static JWSSigner signer(JWK key) throws JOSEException {
    return switch (key.getKeyType().getValue()) {
      case "RSA" -> new RSASSASigner(key.toRSAKey());
      case "EC" -> new ECDSASigner(key.toECKey());
      default -> new MACSigner(key.toOctetSequenceKey());
    };
  }

  private static JWSVerifier verifier(JWK key) throws JOSEException {
    return switch (key.getKeyType().getValue()) {
      case "RSA" -> new RSASSAVerifier(key.toRSAKey());
      case "EC" -> new ECDSAVerifier(key.toECKey());
      default -> new MACVerifier(key.toOctetSequenceKey());
    };
  }
}
