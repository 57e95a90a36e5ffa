package dev.everbearer.testing.server;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.X509CertUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A private key and a certificate for it, self-signed unless it says otherwise, made for a test by
 * the JDK's {@code keytool}. Making one takes about a second: share them. Immutable.
 */
public final class TlsIdentity {

  private static final String LOOPBACK = "san=dns:localhost,ip:127.0.0.1,ip:::1";

  private final KeyStore keyStore;

  private TlsIdentity(KeyStore keyStore) {
    this.keyStore = keyStore;
  }

  /** A server's identity, good for {@code localhost}, {@code 127.0.0.1} and {@code [::1]}. */
  public static TlsIdentity ofLoopback() {
    return new TlsIdentity(Keytool.selfSigned("CN=loopback", LOOPBACK));
  }

  /** A server's identity, good for one other host name only. */
  public static TlsIdentity ofHost(String hostName) {
    return new TlsIdentity(Keytool.selfSigned("CN=other", "san=dns:" + hostName));
  }

  /**
   * A server's identity of loopback whose time was over yesterday. Its certificate is not
   * self-signed, since nobody looks at the time of a certificate that is trusted itself.
   */
  public static TlsIdentity expired() {
    return new TlsIdentity(Keytool.issuedAndExpired("CN=expired", LOOPBACK));
  }

  /**
   * A client's identity.
   *
   * @param distinguishedName the subject, such as {@code CN=my-client}
   */
  public static TlsIdentity ofClient(String distinguishedName) {
    return new TlsIdentity(Keytool.selfSigned(distinguishedName));
  }

  /** The certificate. */
  public X509Certificate certificate() {
    try {
      return (X509Certificate) keyStore.getCertificate(Keytool.ALIAS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A loaded key store gives its entries", e);
    }
  }

  /** The private key. */
  public PrivateKey privateKey() {
    try {
      return (PrivateKey) keyStore.getKey(Keytool.ALIAS, Keytool.PASSWORD);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("A loaded key store gives its entries", e);
    }
  }

  /** The SHA-256 thumbprint of the certificate in base64url, as in {@code x5t#S256}. */
  public String thumbprint() {
    return thumbprint(certificate());
  }

  static String thumbprint(X509Certificate certificate) {
    Base64URL thumbprint = X509CertUtils.computeSHA256Thumbprint(certificate);
    return thumbprint.toString();
  }

  /** A context of a client with this identity that trusts the server of another. */
  public SSLContext contextTrusting(TlsIdentity server) {
    return context(this, server);
  }

  /** A context of a client without a certificate that trusts the server of this identity. */
  public SSLContext trustingContext() {
    return context(null, this);
  }

  /** A context of a server with this identity. */
  SSLContext serverContext() {
    return context(this, null);
  }

  private static SSLContext context(@Nullable TlsIdentity own, @Nullable TlsIdentity trusted) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          own == null ? new KeyManager[0] : own.keyManagers(),
          trusted == null ? AnyClient.MANAGERS : trusted.trustingManagers(),
          new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The platform makes no TLS context", e);
    }
  }

  private KeyManager[] keyManagers() throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keyStore, Keytool.PASSWORD);
    return factory.getKeyManagers();
  }

  private TrustManager[] trustingManagers() throws GeneralSecurityException {
    try {
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      Certificate[] chain = keyStore.getCertificateChain(Keytool.ALIAS);
      anchors.setCertificateEntry(Keytool.ALIAS, chain[chain.length - 1]);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(anchors);
      return factory.getTrustManagers();
    } catch (IOException e) {
      throw new UncheckedIOException("An empty key store reads nothing", e);
    }
  }

  @Override
  public String toString() {
    return "TLS identity of " + certificate().getSubjectX500Principal();
  }
}
