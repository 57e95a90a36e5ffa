package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.SigningKey;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clients that prove who they are by a JWT; Keycloak takes each JWT once. */
@WithKeycloak
class AssertedClientTest {

  private static final RegisteredClient HMAC = RegisteredClient.HMAC_SERVICE;

  private final Keycloak keycloak;

  AssertedClientTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private Set<String> tokensBy(ClientAuthentication authentication, int times) {
    try (OAuthClient client =
        OAuthClient.builder().issuer(keycloak.issuer()).authentication(authentication).build()) {
      return IntStream.range(0, times)
          .mapToObj(i -> client.fetch(Grant.clientCredentials()).accessToken().value())
          .collect(Collectors.toSet());
    }
  }

  private void assertTokensFor(RegisteredClient registered, ClientAuthentication authentication) {
    assertThat(tokensBy(authentication, 3))
        .hasSize(3)
        .allSatisfy(
            token ->
                assertThat(keycloak.introspect(token))
                    .containsEntry("active", true)
                    .containsEntry("client_id", registered.id()));
  }

  private ClientAuthentication registeredKey() {
    return ClientAuthentication.privateKeyJwt(
        RegisteredClient.KEY_SERVICE.id(),
        SigningKey.fromJwk(keycloak.keyServiceKey().toJSONString()));
  }

  private static ClientAuthentication unknownKey() {
    try {
      String key = new ECKeyGenerator(Curve.P_256).keyID("key-service-1").generate().toJSONString();
      return ClientAuthentication.privateKeyJwt(
          RegisteredClient.KEY_SERVICE.id(), SigningKey.fromJwk(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Spec("JA-05")
  void aPrivateKeySignsEachRequestAnew() {
    assertTokensFor(RegisteredClient.KEY_SERVICE, registeredKey());
  }

  @Test
  void aSecretAuthenticatesEachRequestAnew() {
    assertTokensFor(HMAC, ClientAuthentication.clientSecretJwt(HMAC.id(), HMAC.secret()));
  }

  @Test
  void theFirstMethodThatKeycloakListsIsTaken() {
    assertTokensFor(
        RegisteredClient.KEY_SERVICE,
        ClientAuthentication.firstSupported(
            registeredKey(),
            ClientAuthentication.clientSecretBasic(
                RegisteredClient.KEY_SERVICE.id(), "no secret of this client")));
  }

  @Test
  void anotherKeyIsRefused() {
    assertRefused(unknownKey());
  }

  @Test
  void anotherSecretIsRefused() {
    assertRefused(
        ClientAuthentication.clientSecretJwt(HMAC.id(), "another-secret-of-more-than-32-bytes"));
  }

  private void assertRefused(ClientAuthentication authentication) {
    assertThatThrownBy(() -> tokensBy(authentication, 1))
        .isInstanceOf(OAuthErrorException.class)
        .hasMessageContaining(keycloak.endpoint("token").toString());
  }

  @Test
  void aServerKnownByItsTokenEndpointAloneNeedsAnAudience() {
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(keycloak.endpoint("token").toString())
            .authentication(registeredKey())
            .build()) {
      assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("audience");
    }
  }
}
