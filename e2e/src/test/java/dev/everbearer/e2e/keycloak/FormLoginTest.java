package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

@WithKeycloak
class FormLoginTest {

  private static final URI NOBODY = URI.create("http://127.0.0.1:9/back");

  private final Keycloak keycloak;
  private final FlowsByHand flows;

  FormLoginTest(Keycloak keycloak) {
    this.keycloak = keycloak;
    this.flows = new FlowsByHand(keycloak);
  }

  private void assertTokenOf(String username, Object token) {
    assertThat(keycloak.introspect((String) token)).containsEntry("username", username);
  }

  @Test
  void logsInToACodeFlow() throws Exception {
    var tokens = flows.codeFlow(RegisteredClient.WEB, FormLogin.as(Person.BOB));
    assertTokenOf("bob", tokens.get("access_token"));
  }

  @Test
  void approvesADevice() {
    var tokens = flows.deviceFlow(RegisteredClient.DEVICE, FormLogin.as(Person.ALICE));
    assertTokenOf("alice", tokens.get("access_token"));
  }

  @Test
  void agreesWhenAsked() throws Exception {
    var tokens = flows.codeFlow(RegisteredClient.NATIVE_CONSENT, FormLogin.as(Person.ALICE));
    assertTokenOf("alice", tokens.get("access_token"));
  }

  @Test
  void saysNoWhenAsked() {
    URI request = flows.authorizationRequest(RegisteredClient.NATIVE_CONSENT, NOBODY);
    URI asked = URI.create(request + "&prompt=consent");
    URI redirect = FormLogin.refusingAs(Person.BOB).redirect(asked);
    assertThat(FlowsByHand.query(redirect)).containsEntry("error", "access_denied");
  }

  @Test
  void staysLoggedIn() {
    FormLogin alice = FormLogin.as(Person.ALICE);
    URI request = flows.authorizationRequest(RegisteredClient.NATIVE, NOBODY);
    alice.redirect(request);
    URI silent = URI.create(request + "&prompt=none");
    assertThat(FlowsByHand.query(alice.redirect(silent))).containsKey("code");
    assertThat(FlowsByHand.query(FormLogin.as(Person.BOB).redirect(silent)))
        .containsEntry("error", "login_required");
  }

  @Test
  void aRequestThatKeycloakRefusesToShowALoginForIsAnError() {
    URI request =
        flows.authorizationRequest(
            RegisteredClient.NATIVE, URI.create("https://elsewhere.example.com/back"));
    assertThatThrownBy(() -> FormLogin.as(Person.ALICE).open(request))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("redirect_uri");
  }
}
