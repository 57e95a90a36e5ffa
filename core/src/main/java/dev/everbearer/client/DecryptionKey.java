package dev.everbearer.client;

import dev.everbearer.jose.JweReader;
import dev.everbearer.jose.JwkReader;
import dev.everbearer.jose.KeyMaterial;
import dev.everbearer.jose.PemReader;
import java.security.PrivateKey;

/**
 * A private key with which the client opens the JWTs that a server encrypts to it (RFC 7516), for
 * the two algorithms that the client has registered: RSA with {@code RSA-OAEP}, {@code
 * RSA-OAEP-256}, {@code RSA-OAEP-384} or {@code RSA-OAEP-512}, EC on P-256, P-384 or P-521 with
 * {@code ECDH-ES}, alone or with {@code +A128KW}, {@code +A192KW} or {@code +A256KW}. The key must
 * not sign anything. Immutable and thread-safe; never shows the key.
 */
public final class DecryptionKey {

  private final PrivateKey privateKey;
  private final String algorithm;
  private final String contentAlgorithm;

  private DecryptionKey(KeyMaterial material, String algorithm, String contentAlgorithm) {
    JweReader.requireFit(material, algorithm, contentAlgorithm);
    this.privateKey = material.privateKey();
    this.algorithm = algorithm;
    this.contentAlgorithm = contentAlgorithm;
  }

  /**
   * The key of a private JWK (RFC 7517).
   *
   * @param algorithm the registered {@code alg}, such as {@code RSA-OAEP-256}
   * @param contentAlgorithm the registered {@code enc}, such as {@code A256GCM}
   * @throws IllegalArgumentException if the JWK holds no private key for encryption, or an
   *     algorithm is not accepted here or does not fit the key; the message shows nothing of it
   */
  public static DecryptionKey fromJwk(String json, String algorithm, String contentAlgorithm) {
    return new DecryptionKey(JwkReader.readForDecryption(json), algorithm, contentAlgorithm);
  }

  /**
   * The key of a PEM text in PKCS#8 form ({@code BEGIN PRIVATE KEY}); else as {@link #fromJwk}.
   *
   * @throws IllegalArgumentException as {@link #fromJwk}
   */
  public static DecryptionKey fromPem(String pem, String algorithm, String contentAlgorithm) {
    return new DecryptionKey(PemReader.read(pem), algorithm, contentAlgorithm);
  }

  /**
   * A key of the platform; else as {@link #fromJwk}.
   *
   * @throws IllegalArgumentException as {@link #fromJwk}
   */
  public static DecryptionKey of(PrivateKey privateKey, String algorithm, String contentAlgorithm) {
    return new DecryptionKey(
        new KeyMaterial(privateKey, null, null, null), algorithm, contentAlgorithm);
  }

  /** The key itself. */
  public PrivateKey privateKey() {
    return privateKey;
  }

  /** The registered {@code alg}. */
  public String algorithm() {
    return algorithm;
  }

  /** The registered {@code enc}. */
  public String contentAlgorithm() {
    return contentAlgorithm;
  }

  /** The algorithms; nothing of the key. */
  @Override
  public String toString() {
    return "DecryptionKey[" + algorithm + ", " + contentAlgorithm + "]";
  }
}
