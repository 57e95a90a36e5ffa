package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

@WithKeycloak
class AuthenticationDeviceTest {

  private final Keycloak keycloak;
  private final FlowsByHand flows;

  AuthenticationDeviceTest(Keycloak keycloak) {
    this.keycloak = keycloak;
    this.flows = new FlowsByHand(keycloak);
  }

  @Test
  void whoIsAskedAgrees() {
    var tokens = flows.backChannelFlow(RegisteredClient.BACK_CHANNEL, Person.ALICE);
    assertThat(keycloak.introspect((String) tokens.get("access_token")))
        .containsEntry("username", "alice");
  }

  @Test
  void whoIsToldToRefuses() {
    keycloak.device().refuse(Person.BOB);
    try {
      assertThatThrownBy(() -> flows.backChannelFlow(RegisteredClient.BACK_CHANNEL, Person.BOB))
          .hasMessageContaining("access_denied");
    } finally {
      keycloak.device().agree(Person.BOB);
    }
  }
}
