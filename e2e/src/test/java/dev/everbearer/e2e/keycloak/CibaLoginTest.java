package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.CibaGrant;
import dev.everbearer.grant.CibaHint;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A program that has Keycloak ask people on a device of their own, and polls (CIBA). */
@WithKeycloak
class CibaLoginTest {

  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final Keycloak keycloak;
  private final List<TokenSet> kept = new CopyOnWriteArrayList<>();
  private OAuthClient client;

  CibaLoginTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  @BeforeEach
  void open() {
    client =
        OAuthClient.builder()
            .issuer(keycloak.issuer())
            .clientSecretBasic(
                RegisteredClient.BACK_CHANNEL.id(), RegisteredClient.BACK_CHANNEL.secret())
            .onRotated(kept::add)
            .build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static CibaGrant asking(String hint) {
    return Grant.ciba(CibaHint.loginHint(hint)).bindingMessage("W4SCT");
  }

  private void assertFailsBy(String error, CibaGrant grant) {
    assertThatThrownBy(() -> client.tokens(grant).token(LONGEST))
        .isInstanceOfSatisfying(
            LoginFailedException.class, e -> assertThat(e.error()).contains(error))
        .hasMessageContaining(keycloak.issuer());
  }

  @Test
  @Spec({"CB-02", "CB-03"})
  void whoAgreesIsLoggedInAndNotAskedToRenew() {
    TokenSource tokens = client.tokens(asking(Person.ALICE.username()));
    AccessToken first = tokens.token(LONGEST);
    assertThat(keycloak.introspect(first.value())).containsEntry("username", "alice");
    int asked = keycloak.device().timesAsked();
    tokens.invalidate(first);
    assertThat(tokens.token(LONGEST)).isNotEqualTo(first);
    assertThat(keycloak.device().timesAsked()).isEqualTo(asked);
    assertThat(kept.get(0).validatedIdToken()).isPresent();
  }

  @Test
  @Spec({"CB-03", "CB-06"})
  void whoDeclinesEndsTheLogin() {
    keycloak.device().refuse(Person.BOB);
    try {
      assertFailsBy("access_denied", asking(Person.BOB.username()));
    } finally {
      keycloak.device().agree(Person.BOB);
    }
  }

  /** By a code of Keycloak's own choice, where CIBA has {@code unknown_user_id}. */
  @Test
  void whoIsNotKnownIsNotAsked() {
    int asked = keycloak.device().timesAsked();
    assertFailsBy("invalid_request", asking("nobody"));
    assertThat(keycloak.device().timesAsked()).isEqualTo(asked);
  }
}
