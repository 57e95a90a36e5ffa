package dev.everbearer.testing.server;

import java.net.URI;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Clients that authenticate by TLS, and tokens bound to certificates (RFC 8705). */
final class MutualTls {

  private static final List<String> ALIASED =
      List.of(
          "token_endpoint",
          "revocation_endpoint",
          "introspection_endpoint",
          "pushed_authorization_request_endpoint",
          "device_authorization_endpoint",
          "backchannel_authentication_endpoint",
          "userinfo_endpoint");

  private volatile @Nullable Function<String, URI> aliases;
  private volatile boolean bindingAll;

  /**
   * Publishes the endpoints at other places, too.
   *
   * @param places finds the place of a path there
   */
  void aliases(Function<String, URI> places) {
    aliases = places;
  }

  void bindAll(boolean value) {
    bindingAll = value;
  }

  /** The check of the certificate of a client that is registered for one of the two methods. */
  static Consumer<RegisteredClient> proof(X509Certificate certificate) {
    return client -> {
      boolean isRight =
          client
              .text("tls_client_auth_subject_dn")
              .map(name -> isSubject(certificate, name))
              .orElseGet(() -> isRegistered(certificate, client));
      if (!isRight) {
        throw OAuthError.invalidClient("The certificate is not that of the client");
      }
    };
  }

  private static boolean isSubject(X509Certificate certificate, String name) {
    return certificate.getSubjectX500Principal().equals(new X500Principal(name));
  }

  private static boolean isRegistered(X509Certificate certificate, RegisteredClient client) {
    return client.keys().getKeys().stream()
        .filter(key -> key.getX509CertChain() != null)
        .anyMatch(key -> isSame(certificate, key.getX509CertChain().get(0).decode()));
  }

  private static boolean isSame(X509Certificate certificate, byte[] encoded) {
    try {
      String sent = Base64.getEncoder().encodeToString(certificate.getEncoded());
      return sent.equals(Base64.getEncoder().encodeToString(encoded));
    } catch (CertificateEncodingException e) {
      return false;
    }
  }

  /**
   * The thumbprint of the certificate that the tokens of a request are to be bound to.
   *
   * @throws OAuthError if there must be one and is not
   */
  @Nullable String thumbprint(RecordedRequest request, RegisteredClient client) {
    boolean required = client.is("tls_client_certificate_bound_access_tokens");
    if (!required && !bindingAll) {
      return null;
    }
    X509Certificate certificate = request.clientCertificate().orElse(null);
    if (certificate == null && required) {
      throw OAuthError.invalidRequest("The tokens are to be bound to a certificate, but none came");
    }
    return certificate == null ? null : TlsIdentity.thumbprint(certificate);
  }

  void describe(Map<String, Object> document, Endpoints endpoints) {
    Function<String, URI> places = aliases;
    if (places == null) {
      return;
    }
    Map<String, Object> published = new LinkedHashMap<>();
    for (String name : ALIASED) {
      String query = endpoints.uri(name).getRawQuery();
      String path = endpoints.path(name) + (query == null ? "" : "?" + query);
      published.put(name, places.apply(path).toString());
    }
    document.put("mtls_endpoint_aliases", published);
  }
}
