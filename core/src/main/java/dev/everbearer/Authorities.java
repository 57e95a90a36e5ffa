package dev.everbearer;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates are trusted.
 *
 * @param given a key store with trusted certificates
 * @param isBesidePlatform whether those count beside the platform's authorities, not in their place
 */
record Authorities(KeyStore given, boolean isBesidePlatform) {

  /**
   * What decides on certificates.
   *
   * @param authorities null for the platform's
   */
  static TrustManager[] trustManagers(@Nullable Authorities authorities)
      throws GeneralSecurityException {
    return factory(authorities == null ? null : authorities.all()).getTrustManagers();
  }

  private static TrustManagerFactory factory(@Nullable KeyStore trusted)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory;
  }

  private KeyStore all() throws GeneralSecurityException {
    return isBesidePlatform ? withPlatform() : given;
  }

  private KeyStore withPlatform() throws GeneralSecurityException {
    KeyStore all = empty();
    for (TrustManager manager : factory(null).getTrustManagers()) {
      if (manager instanceof X509TrustManager platform) {
        for (X509Certificate each : platform.getAcceptedIssuers()) {
          all.setCertificateEntry("platform " + all.size(), each);
        }
      }
    }
    for (String alias : Collections.list(given.aliases())) {
      if (given.isCertificateEntry(alias)) {
        all.setCertificateEntry("given " + all.size(), given.getCertificate(alias));
      }
    }
    return all;
  }

  private static KeyStore empty() throws GeneralSecurityException {
    KeyStore empty = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      empty.load(null, null);
    } catch (IOException e) {
      throw new KeyStoreException("No empty key store can be made.", e);
    }
    return empty;
  }

  /** How the given ones count. */
  @Override
  public String toString() {
    return "Authorities[" + (isBesidePlatform ? "beside" : "in place of") + " the platform's]";
  }
}
