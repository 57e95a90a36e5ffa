package dev.everbearer.testing.server;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/** Ed25519 keys and signatures as the JDK makes them (RFC 8037, RFC 8410). */
final class Ed25519 {

  private static final String NAME = "Ed25519";
  private static final Set<String> ALGORITHMS = Set.of(NAME, "EdDSA");
  private static final int KEY_BYTES = 32;
  private static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final byte[] PRIVATE_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private Ed25519() {}

  static boolean isNamed(String algorithm) {
    return ALGORITHMS.contains(algorithm);
  }

  static OctetKeyPair generate(String kid) {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(NAME).generateKeyPair();
      return new OctetKeyPair.Builder(Curve.Ed25519, end(pair.getPublic().getEncoded()))
          .d(end(pair.getPrivate().getEncoded()))
          .keyID(kid)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java has Ed25519 since version 15", e);
    }
  }

  static byte[] sign(OctetKeyPair pair, byte[] input) {
    try {
      Signature signature = Signature.getInstance(NAME);
      signature.initSign(privateKey(pair));
      signature.update(input);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("The key does not sign by Ed25519", e);
    }
  }

  static boolean isRight(OctetKeyPair pair, byte[] input, byte[] value) {
    try {
      Signature signature = Signature.getInstance(NAME);
      signature.initVerify(publicKey(pair));
      signature.update(input);
      return signature.verify(value);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static PublicKey publicKey(OctetKeyPair pair) throws GeneralSecurityException {
    byte[] encoded = join(PUBLIC_PREFIX, pair.getDecodedX());
    return KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static PrivateKey privateKey(OctetKeyPair pair) throws GeneralSecurityException {
    byte[] encoded = join(PRIVATE_PREFIX, pair.getDecodedD());
    return KeyFactory.getInstance(NAME).generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private static Base64URL end(byte[] encoded) {
    return Base64URL.encode(
        Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length));
  }

  private static byte[] join(byte[] prefix, byte[] key) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(prefix);
    out.writeBytes(key);
    return out.toByteArray();
  }
}
