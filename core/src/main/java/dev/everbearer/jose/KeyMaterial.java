package dev.everbearer.jose;

import java.security.PrivateKey;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A private key with what its source says of it.
 *
 * @param publicKey null when the source has none and none can be told from the private one
 * @param keyId null when the source names none
 * @param algorithm the only one that it is for; null when the source does not say
 */
public record KeyMaterial(
    PrivateKey privateKey,
    @Nullable PublicKey publicKey,
    @Nullable String keyId,
    @Nullable SignatureAlgorithm algorithm) {

  /** The key's thumbprint (RFC 7638), or a digest of the private half when that is all there is. */
  public String identity() {
    return publicKey == null
        ? Sha256.base64Url(privateKey.getEncoded())
        : PublicJwk.thumbprint(publicKey);
  }

  /** The kind of key; nothing of its value. */
  @Override
  public String toString() {
    return "KeyMaterial[" + privateKey.getAlgorithm() + "]";
  }
}
