package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientCertificate;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.OAuthErrorException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A client that proves who it is by a certificate, to which its tokens are bound (RFC 8705). */
@WithKeycloak
class MutualTlsTest {

  private static final String TLS_SERVICE = RegisteredClient.TLS_SERVICE.id();
  private static final Grant GRANT = Grant.clientCredentials().scope("openid");

  private final Keycloak keycloak;

  MutualTlsTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private ClientCertificate certificate(String whose) {
    return keycloak.certificates().clientCertificate(whose);
  }

  private OAuthClient showing(String whose) {
    return OAuthClient.builder()
        .issuer(keycloak.tlsIssuer())
        .authentication(ClientAuthentication.tlsClientAuth(TLS_SERVICE, certificate(whose)))
        .trustStore(keycloak.certificates().authorities())
        .build();
  }

  @Test
  @Spec({"MT-02", "MT-03"})
  void theTokenIsBoundToTheCertificate() {
    try (OAuthClient client = showing(TLS_SERVICE)) {
      assertThat(keycloak.introspectByTls(client.tokens(GRANT).token().value()))
          .containsEntry("client_id", TLS_SERVICE)
          .containsEntry("cnf", Map.of("x5t#S256", certificate(TLS_SERVICE).thumbprint()));
    }
  }

  @Test
  @Spec("MT-01")
  void theCertificateOfAStrangerIsRefused() {
    try (OAuthClient client = showing("stranger")) {
      assertThatThrownBy(() -> client.tokens(GRANT).token())
          .isInstanceOf(OAuthErrorException.class)
          .hasMessageContaining("https://localhost");
    }
  }

  @Test
  void withoutACertificateTheClientIsRefused() {
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(keycloak.tlsIssuer())
            .authentication(ClientAuthentication.tlsClientAuth(TLS_SERVICE))
            .sslContext(keycloak.certificates().trusting())
            .build()) {
      assertThatThrownBy(() -> client.tokens(GRANT).token())
          .isInstanceOf(OAuthErrorException.class);
    }
  }

  @Test
  @Spec("MT-03")
  void anApiThatIsBoundIsShownTheCertificateToo() throws Exception {
    URI userinfo = keycloak.tlsEndpoint("userinfo");
    try (OAuthClient client = showing(TLS_SERVICE)) {
      HttpClient api = client.httpClientFor(userinfo.resolve("/").toString(), GRANT);
      assertThat(status(api, HttpRequest.newBuilder(userinfo))).isEqualTo(200);
      String token = client.tokens(GRANT).token().value();
      HttpClient thief =
          HttpClient.newBuilder().sslContext(keycloak.certificates().showing("stranger")).build();
      assertThat(
              status(
                  thief,
                  HttpRequest.newBuilder(userinfo).header("Authorization", "Bearer " + token)))
          .isEqualTo(401);
    }
  }

  private static int status(HttpClient api, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return api.send(request.build(), BodyHandlers.discarding()).statusCode();
  }
}
