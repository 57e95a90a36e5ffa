package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthErrorException;
import org.junit.jupiter.api.Test;

@WithKeycloak
class ClientCredentialsTest {

  private final Keycloak keycloak;

  ClientCredentialsTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private AccessToken tokenBy(ClientAuthentication authentication) {
    try (OAuthClient client =
        OAuthClient.builder().issuer(keycloak.issuer()).authentication(authentication).build()) {
      return client.tokens(Grant.clientCredentials()).token();
    }
  }

  private static ClientAuthentication basic(RegisteredClient client) {
    return ClientAuthentication.clientSecretBasic(client.id(), client.secret());
  }

  private void assertActiveFor(RegisteredClient client, AccessToken token) {
    assertThat(keycloak.introspect(token.value()))
        .containsEntry("active", true)
        .containsEntry("client_id", client.id());
  }

  @Test
  void aSecretInTheHeader() {
    assertActiveFor(RegisteredClient.SERVICE, tokenBy(basic(RegisteredClient.SERVICE)));
  }

  @Test
  void aSecretInTheBody() {
    RegisteredClient service = RegisteredClient.SERVICE;
    assertActiveFor(
        service, tokenBy(ClientAuthentication.clientSecretPost(service.id(), service.secret())));
  }

  @Test
  void aSecretAsTheMetadataPrefers() {
    RegisteredClient service = RegisteredClient.SERVICE;
    assertActiveFor(
        service, tokenBy(ClientAuthentication.clientSecret(service.id(), service::secret)));
  }

  @Test
  void idAndSecretAreFormEncodedInTheHeader() {
    RegisteredClient special = RegisteredClient.SERVICE_SPECIAL;
    assertActiveFor(special, tokenBy(basic(special)));
  }

  @Test
  void idAndSecretAreEncodedInTheBodyOnce() {
    RegisteredClient special = RegisteredClient.SERVICE_SPECIAL;
    assertActiveFor(
        special, tokenBy(ClientAuthentication.clientSecretPost(special.id(), special.secret())));
  }

  @Test
  void aWrongSecretIsRefusedAndNotShown() {
    assertThatThrownBy(
            () -> tokenBy(ClientAuthentication.clientSecretBasic("service", "not-the-secret")))
        .isInstanceOf(OAuthErrorException.class)
        .hasMessageContaining(keycloak.endpoint("token").toString())
        .hasMessageNotContaining("not-the-secret");
  }
}
