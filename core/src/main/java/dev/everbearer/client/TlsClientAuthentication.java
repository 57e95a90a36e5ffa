package dev.everbearer.client;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** By a certificate inside TLS; the body names the client (RFC 8705 section 2). */
final class TlsClientAuthentication extends ClientAuthentication {

  private final String method;
  private final @Nullable ClientCertificate certificate;

  /**
   * By a certificate.
   *
   * @param certificate null when the transport that the user gave has it
   */
  TlsClientAuthentication(String clientId, String method, @Nullable ClientCertificate certificate) {
    super(clientId);
    this.method = method;
    this.certificate = certificate;
  }

  @Override
  public String method(Target target) {
    return method;
  }

  @Override
  public boolean isConfidential() {
    return true;
  }

  @Override
  public Optional<ClientCertificate> certificate() {
    return Optional.ofNullable(certificate);
  }

  @Override
  public boolean usesCertificate() {
    return true;
  }

  @Override
  public Parts parts(Target target) {
    Object credential = certificate == null ? method : certificate.thumbprint();
    return new Parts(Map.of(), Map.of("client_id", clientId()), credential);
  }
}
