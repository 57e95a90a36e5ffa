package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.ServerUnavailableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The issuer has a path. */
@WithKeycloak
class DiscoveryTest {

  private static OAuthClientBuilder at(String issuer) {
    return OAuthClient.builder()
        .issuer(issuer)
        .clientSecretBasic(RegisteredClient.SERVICE.id(), RegisteredClient.SERVICE.secret())
        .maxWait(Duration.ofSeconds(5));
  }

  @Test
  void anIssuerWithAPathIsFound(Keycloak keycloak) {
    try (OAuthClient client = at(keycloak.issuer()).build()) {
      assertThat(client.tokens(Grant.clientCredentials()).token().expiresAt()).isPresent();
    }
  }

  @Test
  void anIssuerThatIsNotThereIsNamed(Keycloak keycloak) {
    String nobody = keycloak.issuer() + "-of-nobody";
    try (OAuthClient client = at(nobody).build()) {
      assertThatThrownBy(() -> client.tokens(Grant.clientCredentials()).token())
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining(nobody);
    }
  }

  @Test
  void byTlsWithItsAuthorityTrusted(Keycloak keycloak) {
    try (OAuthClient client =
        at(keycloak.tlsIssuer()).sslContext(keycloak.certificates().trusting()).build()) {
      assertThat(client.tokens(Grant.clientCredentials()).token()).isNotNull();
    }
  }

  @Test
  void byTlsWithAnUnknownAuthorityNothingIsSent(Keycloak keycloak) {
    try (OAuthClient client = at(keycloak.tlsIssuer()).build()) {
      assertThatThrownBy(() -> client.tokens(Grant.clientCredentials()).token())
          .isInstanceOf(ServerUnavailableException.class)
          .hasMessageContaining("https://localhost")
          .hasMessageContaining("certificate that is not trusted");
    }
  }
}
