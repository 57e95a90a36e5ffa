package dev.everbearer.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.text.ParseException;
import java.util.Map;
import java.util.Set;

/**
 * Opens JWTs that a server has encrypted to this client (RFC 7516, RFC 7519 section 5.2), by the
 * registered algorithms alone. Compressed ones are refused, so that none can blow up. Thread-safe.
 */
public final class JweReader {

  private static final Set<String> RSA_ALGORITHMS =
      Set.of("RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512");
  private static final Set<String> EC_ALGORITHMS =
      Set.of("ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW");
  private static final Set<String> CONTENT_ALGORITHMS =
      Set.of("A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM");
  private static final int PARTS = 5;

  private final KeyMaterial key;
  private final String algorithm;
  private final String contentAlgorithm;

  /**
   * A reader by one key.
   *
   * @param algorithm the registered {@code alg}, such as {@code RSA-OAEP-256} or {@code ECDH-ES}
   * @param contentAlgorithm the registered {@code enc}, such as {@code A256GCM}
   * @throws IllegalArgumentException if one of them is not accepted here, or does not fit the key
   */
  public JweReader(KeyMaterial key, String algorithm, String contentAlgorithm) {
    requireFit(key, algorithm, contentAlgorithm);
    this.key = key;
    this.algorithm = algorithm;
    this.contentAlgorithm = contentAlgorithm;
  }

  /**
   * Refuses what cannot be read by.
   *
   * @throws IllegalArgumentException if an algorithm is not accepted here, or does not fit the key
   */
  public static void requireFit(KeyMaterial key, String algorithm, String contentAlgorithm) {
    boolean isRsa = KeyKind.of(key.privateKey()) == KeyKind.RSA;
    Set<String> fitting = isRsa ? RSA_ALGORITHMS : EC_ALGORITHMS;
    if (!fitting.contains(algorithm) || !(isRsa || key.privateKey() instanceof ECPrivateKey)) {
      throw new IllegalArgumentException(
          "'%s' is no key encryption that is accepted for this key: register one of %s."
              .formatted(algorithm, fitting));
    }
    if (!CONTENT_ALGORITHMS.contains(contentAlgorithm)) {
      throw new IllegalArgumentException(
          "'%s' is no content encryption that is accepted here: register one of %s."
              .formatted(contentAlgorithm, CONTENT_ALGORITHMS));
    }
  }

  /**
   * The signed JWT inside an encrypted one.
   *
   * @throws InvalidJwtException if it is not encrypted, or not to this key by these algorithms
   */
  public String open(String token) throws InvalidJwtException {
    String[] parts = token.split("\\.", PARTS + 1);
    if (token.length() > CompactJws.MAX_LENGTH || parts.length != PARTS) {
      throw new InvalidJwtException("it is not encrypted, as was registered, or too long");
    }
    checkHeader(header(parts));
    try {
      JWEObject object = JWEObject.parse(token);
      object.decrypt(decrypter());
      return object.getPayload().toString();
    } catch (ParseException | JOSEException | IllegalStateException | IllegalArgumentException e) {
      throw new InvalidJwtException("it cannot be decrypted with this client's key");
    }
  }

  /** The header of a compact JWE, which is neither compressed nor has critical extensions. */
  static Map<String, Object> header(String[] parts) throws InvalidJwtException {
    Map<String, Object> header;
    try {
      for (String part : parts) {
        Base64Url.decode(part);
      }
      header = StrictJson.object(Base64Url.decode(parts[0]));
    } catch (IllegalArgumentException | BrokenJsonException e) {
      throw new InvalidJwtException("it is not strict base64url, or its header no strict JSON");
    }
    if (header.containsKey("crit") || header.containsKey("zip")) {
      throw new InvalidJwtException("it is compressed (zip) or has critical extensions (crit)");
    }
    return header;
  }

  private void checkHeader(Map<String, Object> header) throws InvalidJwtException {
    if (!algorithm.equals(header.get("alg")) || !contentAlgorithm.equals(header.get("enc"))) {
      throw new InvalidJwtException(
          "it is not encrypted by %s with %s, as was registered"
              .formatted(algorithm, contentAlgorithm));
    }
  }

  private JWEDecrypter decrypter() throws JOSEException {
    PrivateKey privateKey = key.privateKey();
    return privateKey instanceof ECPrivateKey ec
        ? new ECDHDecrypter(ec)
        : new RSADecrypter(privateKey);
  }

  /** The algorithms; nothing of the key. */
  @Override
  public String toString() {
    return "JweReader[" + algorithm + ", " + contentAlgorithm + "]";
  }
}
