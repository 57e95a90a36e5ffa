package dev.everbearer.testing.server;

import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * How a server speaks TLS.
 *
 * @param identity its key and certificate
 * @param cipherSuites the only ones it offers; empty for the platform's choice
 * @param isIssuerOverTls whether the issuer and all endpoints are published with https
 */
record TlsOptions(TlsIdentity identity, List<String> cipherSuites, boolean isIssuerOverTls) {

  /** Asks clients for a certificate and does without one, too. */
  SslContextFactory.Server factory() {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(identity.serverContext());
    factory.setWantClientAuth(true);
    factory.setSniRequired(false);
    if (!cipherSuites.isEmpty()) {
      factory.setExcludeCipherSuites();
      factory.setIncludeCipherSuites(cipherSuites.toArray(new String[0]));
    }
    return factory;
  }
}
