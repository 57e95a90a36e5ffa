package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.TokenSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Keycloak as the realm has it set: each refresh token is good for one use. */
@WithKeycloak
class RefreshRotationTest {

  private final Keycloak keycloak;
  private final List<String> kept = new CopyOnWriteArrayList<>();

  RefreshRotationTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private OAuthClientBuilder client() {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .clientSecretPost(RegisteredClient.DIRECT.id(), RegisteredClient.DIRECT.secret())
        .onRotated(tokens -> kept.add(tokens.refreshToken().orElseThrow().reveal()));
  }

  private void rotate(String refreshToken, int times) {
    try (OAuthClient client = client().build()) {
      TokenSource source = client.tokens(Grant.refreshToken(refreshToken));
      AccessToken token = source.token();
      for (int i = 1; i < times; i++) {
        source.invalidate(token);
        assertThat(source.token()).isNotEqualTo(token);
        token = source.token();
      }
      assertThat(keycloak.introspect(token.value())).containsEntry("username", "alice");
    }
  }

  @Test
  void eachSuccessorIsFollowedAndHandedOver() {
    String first = keycloak.refreshToken(RegisteredClient.DIRECT, Person.ALICE);
    rotate(first, 4);
    assertThat(kept).hasSize(4).doesNotHaveDuplicates().doesNotContain(first);
  }

  @Test
  void theLastOneHandedOverIsGoodAfterARestart() {
    rotate(keycloak.refreshToken(RegisteredClient.DIRECT, Person.ALICE), 3);
    rotate(kept.get(2), 2);
    assertThat(kept).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void aSecondUseEndsTheGrant() {
    String first = keycloak.refreshToken(RegisteredClient.DIRECT, Person.ALICE);
    rotate(first, 1);
    assertThat(loginRequired(first).reason()).isEqualTo(Reason.REUSED);
    loginRequired(kept.get(0));
  }

  /** Keycloak says of it only that the session is not active, and it was to live for longer. */
  @Test
  void aGrantThatIsRevokedThereIsToldAsSuch() {
    try (OAuthClient client = client().build()) {
      String first = keycloak.refreshToken(RegisteredClient.DIRECT, Person.ALICE);
      TokenSource source = client.tokens(Grant.refreshToken(first));
      AccessToken token = source.token();
      keycloak.revoke(RegisteredClient.DIRECT, kept.get(0));
      source.invalidate(token);
      assertThatThrownBy(source::token)
          .isInstanceOfSatisfying(
              LoginRequiredException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REVOKED));
    }
  }

  private LoginRequiredException loginRequired(String refreshToken) {
    try (OAuthClient client = client().build()) {
      LoginRequiredException refused =
          catchThrowableOfType(
              LoginRequiredException.class,
              () -> client.tokens(Grant.refreshToken(refreshToken)).token());
      assertThat(refused)
          .hasMessageContaining("invalid_grant")
          .hasMessageNotContaining(refreshToken);
      return refused;
    }
  }
}
