package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.SigningKey;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.token.Failure;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSet;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** A client that Keycloak takes signed authorization requests from, and no others (RFC 9101). */
@WithKeycloak
class SignedRequestTest {

  private final Keycloak keycloak;
  private final SigningKey key;

  SignedRequestTest(Keycloak keycloak) {
    this.keycloak = keycloak;
    this.key = SigningKey.fromJwk(keycloak.keyServiceKey().toJSONString());
  }

  private OAuthClientBuilder client() {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .privateKeyJwt(RegisteredClient.WEB_SIGNED.id(), key);
  }

  private static TokenSet login(OAuthClient client) {
    AuthorizationCodeFlow flow =
        client.authorizationCodeFlow(
            Grant.authorizationCode().scope("openid"), "http://127.0.0.1:9/callback");
    AuthorizationRedirect redirect = flow.start();
    URI answer = FormLogin.as(Person.BOB).redirect(redirect.url());
    return flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(answer.toString()));
  }

  @Test
  void aSignedRequestIsTaken() {
    try (OAuthClient client = client().signedRequests(key).build()) {
      assertThat(keycloak.introspect(login(client).accessToken().value()))
          .containsEntry("username", "bob");
    }
  }

  @Test
  void anUnsignedOneIsRefused() {
    try (OAuthClient client = client().build()) {
      assertRefusedByKeycloak(client, "invalid_request");
    }
  }

  @Test
  void oneSignedByAnotherKeyIsRefused() throws JOSEException {
    SigningKey other =
        SigningKey.fromJwk(
            new ECKeyGenerator(Curve.P_256).keyID("key-service-1").generate().toJSONString());
    try (OAuthClient client = client().signedRequests(other).build()) {
      assertRefusedByKeycloak(client, "invalid_request_object");
    }
  }

  private void assertRefusedByKeycloak(OAuthClient client, String error) {
    assertThatThrownBy(() -> login(client))
        .isInstanceOfSatisfying(
            OAuthException.class,
            e -> assertThat(e.failure().flatMap(Failure::error)).contains(error))
        .hasMessageContaining(keycloak.issuer());
  }
}
