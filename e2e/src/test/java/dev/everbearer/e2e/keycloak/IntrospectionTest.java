package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.Introspector;
import dev.everbearer.OAuthClient;
import dev.everbearer.token.Introspection;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The protected API asks Keycloak what the tokens are worth that it is shown. */
@WithKeycloak
class IntrospectionTest {

  private static final String ORDERS_API = RegisteredClient.ORDERS_API.id();

  private final Keycloak keycloak;

  IntrospectionTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private OAuthClient api(String secret) {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .clientSecretBasic(ORDERS_API, secret)
        .build();
  }

  private Secret tokenOfAService() {
    RegisteredClient service = RegisteredClient.SERVICE;
    Map<String, Object> tokens =
        keycloak.post(
            "token",
            Map.of(
                "grant_type", "client_credentials",
                "client_id", service.id(),
                "client_secret", service.secret()));
    return Secret.of((String) tokens.get("access_token"));
  }

  @Test
  void aTokenForThisApiIsGood() {
    try (OAuthClient client = api(RegisteredClient.ORDERS_API.secret())) {
      Introspector introspector =
          client.introspector().audience(ORDERS_API).issuer(keycloak.issuer()).build();
      Introspection token = introspector.introspect(tokenOfAService());
      assertThat(token.isActive()).isTrue();
      assertThat(token.clientId()).contains(RegisteredClient.SERVICE.id());
      assertThat(token.expiresAt().orElseThrow()).isAfter(Instant.now());
      assertThat(introspector.objection(token)).isEmpty();
    }
  }

  @Test
  void aTokenForAnotherApiIsNot() {
    try (OAuthClient client = api(RegisteredClient.ORDERS_API.secret())) {
      Introspector other = client.introspector().audience("payments-api").build();
      assertThat(other.objection(other.introspect(tokenOfAService())))
          .hasValueSatisfying(why -> assertThat(why).contains("payments-api"));
    }
  }

  @Test
  void whatKeycloakDoesNotKnowIsNotActive() {
    try (OAuthClient client = api(RegisteredClient.ORDERS_API.secret())) {
      Introspector introspector = client.introspector().build();
      Introspection token = introspector.introspect(Secret.of("no-token-of-anybody"));
      assertThat(token.isActive()).isFalse();
      assertThat(introspector.objection(token)).isPresent();
    }
  }

  @Test
  void anApiThatIsNotBelievedLearnsNothing() {
    try (OAuthClient client = api("not-the-secret")) {
      Introspector introspector = client.introspector().build();
      Secret token = tokenOfAService();
      assertThatThrownBy(() -> introspector.introspect(token))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining(keycloak.endpoint("token/introspect").toString())
          .hasMessageNotContaining("not-the-secret");
    }
  }
}
