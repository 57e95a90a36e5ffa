package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSet;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** A client that Keycloak takes pushed authorization requests from, and no others (RFC 9126). */
@WithKeycloak
class PushedRequestTest {

  private static final RegisteredClient WEB_PAR = RegisteredClient.WEB_PAR;
  private static final String CALLBACK = "http://127.0.0.1:9/callback";

  private final Keycloak keycloak;

  PushedRequestTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private OAuthClient client(String secret) {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .authentication(ClientAuthentication.clientSecretBasic(WEB_PAR.id(), secret))
        .build();
  }

  private static AuthorizationCodeFlow flow(OAuthClient client) {
    return client.authorizationCodeFlow(Grant.authorizationCode().scope("openid"), CALLBACK);
  }

  @Test
  @Spec("PR-03")
  void theBrowserCarriesAReferenceAlone() {
    try (OAuthClient client = client(WEB_PAR.secret())) {
      AuthorizationCodeFlow flow = flow(client);
      AuthorizationRedirect redirect = flow.start();
      assertThat(FlowsByHand.query(redirect.url()))
          .containsOnlyKeys("client_id", "request_uri")
          .containsEntry("client_id", WEB_PAR.id());
      URI answer = FormLogin.as(Person.ALICE).redirect(redirect.url());
      TokenSet tokens =
          flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(answer.toString()));
      assertThat(keycloak.introspect(tokens.accessToken().value()))
          .containsEntry("username", "alice");
    }
  }

  @Test
  void whoIsNotBelievedCanPushNothing() {
    try (OAuthClient client = client("not-the-secret")) {
      assertThatThrownBy(() -> flow(client).start())
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining(keycloak.issuer())
          .hasMessageNotContaining("not-the-secret");
    }
  }

  @Test
  void keycloakRefusesARequestThatWasNotPushed() {
    URI request = new FlowsByHand(keycloak).authorizationRequest(WEB_PAR, URI.create(CALLBACK));
    assertThat(FlowsByHand.query(FormLogin.as(Person.ALICE).redirect(request)))
        .containsEntry("error", "invalid_request");
  }
}
