package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@WithBrowser
class BrowserLoginTest {

  private final Keycloak keycloak;
  private final Chromium chromium;
  private final FlowsByHand flows;

  BrowserLoginTest(Keycloak keycloak, Chromium chromium) {
    this.keycloak = keycloak;
    this.chromium = chromium;
    this.flows = new FlowsByHand(keycloak);
  }

  private void assertTokenOf(String username, Object token) {
    assertThat(keycloak.introspect((String) token)).containsEntry("username", username);
  }

  @Test
  void logsInToACodeFlow() throws Exception {
    var tokens = flows.codeFlow(RegisteredClient.NATIVE, chromium.as(Person.ALICE));
    assertTokenOf("alice", tokens.get("access_token"));
  }

  @Test
  void agreesWhenAsked() throws Exception {
    var tokens = flows.codeFlow(RegisteredClient.NATIVE_CONSENT, chromium.as(Person.BOB));
    assertTokenOf("bob", tokens.get("access_token"));
  }

  @Test
  void approvesADevice() {
    var tokens = flows.deviceFlow(RegisteredClient.DEVICE, chromium.as(Person.BOB));
    assertTokenOf("bob", tokens.get("access_token"));
  }

  @Test
  void staysLoggedIn() throws Exception {
    Login alice = chromium.as(Person.ALICE);
    flows.codeFlow(RegisteredClient.NATIVE, alice);
    var again = flows.codeFlow(RegisteredClient.WEB, alice);
    assertTokenOf("alice", again.get("access_token"));
  }
}
