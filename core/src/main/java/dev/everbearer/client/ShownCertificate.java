package dev.everbearer.client;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows a client certificate to some hosts and to nobody else. It is looked up for each handshake,
 * and stays the same throughout one. Plays no server.
 */
final class ShownCertificate extends X509ExtendedKeyManager {

  private final ClientCertificate certificate;
  private final Predicate<String> mayBeShown;

  ShownCertificate(ClientCertificate certificate, Predicate<String> mayBeShown) {
    this.certificate = certificate;
    this.mayBeShown = mayBeShown;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    String host = engine.getPeerHost();
    if (host == null || !mayBeShown.test(host)) {
      return null;
    }
    TlsIdentity identity = certificate.current();
    String keyType = identity.certificate().getPublicKey().getAlgorithm();
    return Arrays.asList(keyTypes).contains(keyType) ? identity.thumbprint() : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    TlsIdentity identity = certificate.of(alias);
    return identity == null ? null : identity.chain();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    TlsIdentity identity = certificate.of(alias);
    return identity == null ? null : identity.privateKey();
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {certificate.current().thumbprint()};
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
