package dev.everbearer.jose;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a private key in PKCS#8 PEM (RFC 7468), and its public key where the text has it. */
public final class PemReader {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9# ]+)-----([^-]*)-----END \\1-----");
  private static final List<String> KEY_TYPES = List.of("RSA", "EC", "Ed25519");
  private static final String CONVERT =
      " The command is: openssl pkey -in key.pem -out key.pkcs8.pem";

  private PemReader() {}

  /**
   * Reads the private key of a PEM text, with the public key or the first certificate in it.
   *
   * @throws IllegalArgumentException if there is no private key in PKCS#8 form; the message shows
   *     nothing of the text
   */
  public static KeyMaterial read(String pem) {
    Map<String, String> blocks = blocks(pem);
    String privateKey = blocks.get("PRIVATE KEY");
    if (privateKey == null) {
      throw new IllegalArgumentException(whyNoKey(blocks));
    }
    PrivateKey key = privateKey(decode(privateKey));
    return new KeyMaterial(key, publicKey(blocks, key), null, null);
  }

  private static Map<String, String> blocks(String pem) {
    Map<String, String> blocks = new LinkedHashMap<>();
    Matcher matcher = BLOCK.matcher(pem);
    while (matcher.find()) {
      String old = blocks.putIfAbsent(matcher.group(1), matcher.group(2));
      if (old != null && matcher.group(1).equals("PRIVATE KEY")) {
        throw new IllegalArgumentException("The PEM text holds more than one private key.");
      }
    }
    return blocks;
  }

  private static String whyNoKey(Map<String, String> blocks) {
    if (blocks.containsKey("RSA PRIVATE KEY")) {
      return "The PEM text holds an RSA key in PKCS#1 form, and PKCS#8 is needed. Convert it."
          + CONVERT;
    }
    if (blocks.containsKey("EC PRIVATE KEY")) {
      return "The PEM text holds an EC key in SEC1 form, and PKCS#8 is needed. Convert it."
          + CONVERT;
    }
    if (blocks.containsKey("ENCRYPTED PRIVATE KEY")) {
      return "The PEM text holds an encrypted private key. Decrypt it, or keep it in a PKCS#12"
          + " store, which is encrypted as well."
          + CONVERT;
    }
    return "The PEM text holds no private key: a block that begins with"
        + " -----BEGIN PRIVATE KEY----- is needed, and found are "
        + blocks.keySet()
        + ".";
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("A block of the PEM text is not base64.");
    }
  }

  private static PrivateKey privateKey(byte[] encoded) {
    for (String type : KEY_TYPES) {
      PrivateKey key = privateKey(type, new PKCS8EncodedKeySpec(encoded));
      if (key != null) {
        return key;
      }
    }
    throw new IllegalArgumentException(
        "The private key of the PEM text cannot be read as any of " + KEY_TYPES + ".");
  }

  private static @Nullable PrivateKey privateKey(String type, KeySpec encoded) {
    try {
      return KeyFactory.getInstance(type).generatePrivate(encoded);
    } catch (InvalidKeySpecException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The platform has no " + type + " keys.", e);
    }
  }

  private static @Nullable PublicKey publicKey(Map<String, String> blocks, PrivateKey privateKey) {
    try {
      KeyFactory keys = KeyFactory.getInstance(privateKey.getAlgorithm());
      String certificate = blocks.get("CERTIFICATE");
      String publicKey = blocks.get("PUBLIC KEY");
      if (publicKey != null) {
        return keys.generatePublic(new X509EncodedKeySpec(decode(publicKey)));
      }
      if (certificate != null) {
        return CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(decode(certificate)))
            .getPublicKey();
      }
      KeySpec told = publicPart(privateKey);
      return told == null ? null : keys.generatePublic(told);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "The public key or certificate of the PEM text cannot be read, or is of another type than"
              + " the private key.");
    }
  }

  private static @Nullable KeySpec publicPart(PrivateKey key) {
    return key instanceof RSAPrivateCrtKey rsa
        ? new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent())
        : null;
  }
}
