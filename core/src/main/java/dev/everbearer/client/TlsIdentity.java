package dev.everbearer.client;

import dev.everbearer.jose.Sha256;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its private key, by which a client names itself inside TLS. Two of the same
 * certificate are equal. Immutable and thread-safe; shows no key.
 */
final class TlsIdentity {

  private final PrivateKey privateKey;
  private final List<X509Certificate> chain;
  private final String thumbprint;

  /**
   * An identity.
   *
   * @param chain the client's own certificate first
   * @throws IllegalArgumentException if the chain is empty
   */
  TlsIdentity(PrivateKey privateKey, List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("A client certificate has at least one certificate.");
    }
    this.privateKey = privateKey;
    this.chain = List.copyOf(chain);
    this.thumbprint = thumbprintOf(chain.get(0));
  }

  private static String thumbprintOf(X509Certificate certificate) {
    try {
      return Sha256.base64Url(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("The client certificate cannot be encoded.", e);
    }
  }

  /** The {@code x5t#S256} of the certificate (RFC 8705 section 3.1). */
  String thumbprint() {
    return thumbprint;
  }

  /** The client's own certificate. */
  X509Certificate certificate() {
    return chain.get(0);
  }

  PrivateKey privateKey() {
    return privateKey;
  }

  X509Certificate[] chain() {
    return chain.toArray(X509Certificate[]::new);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TlsIdentity that && thumbprint.equals(that.thumbprint);
  }

  @Override
  public int hashCode() {
    return thumbprint.hashCode();
  }

  /** The subject of the certificate; nothing of the key. */
  @Override
  public String toString() {
    return "TlsIdentity[" + certificate().getSubjectX500Principal() + "]";
  }
}
