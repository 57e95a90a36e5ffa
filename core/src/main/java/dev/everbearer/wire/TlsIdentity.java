package dev.everbearer.wire;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its private key, by which a client names itself inside TLS. Two of the same
 * certificate are equal. Immutable and thread-safe; shows no key.
 */
public final class TlsIdentity {

  private static final String ALIAS = "client";

  private final PrivateKey privateKey;
  private final List<X509Certificate> chain;
  private final String thumbprint;

  /**
   * An identity.
   *
   * @param chain the client's own certificate first
   * @throws IllegalArgumentException if the chain is empty
   */
  public TlsIdentity(PrivateKey privateKey, List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("A client certificate has at least one certificate.");
    }
    this.privateKey = privateKey;
    this.chain = List.copyOf(chain);
    this.thumbprint = thumbprintOf(chain.get(0));
  }

  private static String thumbprintOf(X509Certificate certificate) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("The client certificate cannot be encoded.", e);
    }
  }

  /** The {@code x5t#S256} of the certificate (RFC 8705 section 3.1). */
  public String thumbprint() {
    return thumbprint;
  }

  /** The client's own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /**
   * A TLS context that shows this identity.
   *
   * @param roots which servers are trusted; null takes the platform's
   * @param mayBeShown to which hosts, as they stand in the URL; to all others none is shown
   */
  public SSLContext context(@Nullable KeyStore roots, Predicate<String> mayBeShown) {
    return context(roots, new KeyManager[] {new Shown(mayBeShown)});
  }

  /**
   * A TLS context that shows no identity.
   *
   * @param roots which servers are trusted; null takes the platform's
   */
  public static SSLContext anonymous(@Nullable KeyStore roots) {
    return context(roots, new KeyManager[0]);
  }

  private static SSLContext context(@Nullable KeyStore roots, KeyManager[] keys) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(roots);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("No TLS context can be made on this platform.", e);
    }
  }

  /** Shows the identity to some hosts only; the server side is not played. */
  private final class Shown extends X509ExtendedKeyManager {

    private final Predicate<String> mayBeShown;

    Shown(Predicate<String> mayBeShown) {
      this.mayBeShown = mayBeShown;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
      String host = engine.getPeerHost();
      boolean fits = Arrays.asList(keyTypes).contains(keyType());
      return fits && host != null && mayBeShown.test(host) ? ALIAS : null;
    }

    private String keyType() {
      return chain.get(0).getPublicKey().getAlgorithm();
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain.toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return privateKey;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
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
