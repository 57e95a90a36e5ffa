package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** A real browser, from the library's window to the page that the library shows at the end. */
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

  private String tokenBy(Login person, RegisteredClient registered) {
    Windows windows = new Windows(person);
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(keycloak.issuer())
            .authentication(ClientAuthentication.none(registered.id()))
            .login(windows.asLogin())
            .build()) {
      String token = client.tokens(Grant.authorizationCode().scope("openid")).token().value();
      assertThat(windows.ends()).extracting(URI::getHost).containsExactly("127.0.0.1");
      assertThat(windows.opened())
          .as("all else was pushed")
          .singleElement()
          .satisfies(
              url ->
                  assertThat(FlowsByHand.query(url))
                      .containsOnlyKeys("client_id", "request_uri")
                      .containsEntry("client_id", registered.id()));
      return token;
    }
  }

  @Test
  @Spec({"PR-03", "NA-01"})
  void logsInToACodeFlow() {
    assertTokenOf("alice", tokenBy(chromium.as(Person.ALICE), RegisteredClient.NATIVE));
  }

  @Test
  void agreesWhenAsked() {
    assertTokenOf("bob", tokenBy(chromium.as(Person.BOB), RegisteredClient.NATIVE_CONSENT));
  }

  @Test
  void approvesADevice() {
    var tokens = flows.deviceFlow(RegisteredClient.DEVICE, chromium.as(Person.BOB));
    assertTokenOf("bob", tokens.get("access_token"));
  }

  @Test
  void staysLoggedIn() {
    Login alice = chromium.as(Person.ALICE);
    tokenBy(alice, RegisteredClient.NATIVE);
    assertTokenOf("alice", tokenBy(alice, RegisteredClient.NATIVE_5S));
  }
}
