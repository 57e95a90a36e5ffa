package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

@WithKeycloak
class RevocationTest {

  private static final Grant LOGIN = Grant.authorizationCode().scope("openid");

  private final Keycloak keycloak;
  private final List<TokenSet> kept = new CopyOnWriteArrayList<>();

  RevocationTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private OAuthClient client(ClientAuthentication authentication, Windows windows) {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .authentication(authentication)
        .login(windows.asLogin())
        .onRotated(kept::add)
        .build();
  }

  private static ClientAuthentication service() {
    return ClientAuthentication.clientSecretBasic(
        RegisteredClient.SERVICE.id(), RegisteredClient.SERVICE.secret());
  }

  private void assertOver(String accessToken) {
    assertThat(keycloak.introspect(accessToken)).containsEntry("active", false);
  }

  @Test
  void aGrantOfAPersonIsGivenBack() {
    Windows windows = new Windows(FormLogin.as(Person.ALICE));
    try (OAuthClient client =
        client(ClientAuthentication.none(RegisteredClient.NATIVE.id()), windows)) {
      String token = client.tokens(LOGIN).token().value();
      client.revoke(LOGIN);
      assertOver(token);
      String refreshToken = kept.get(0).refreshToken().orElseThrow().reveal();
      assertThatThrownBy(() -> client.fetch(Grant.refreshToken(refreshToken)))
          .hasMessageContaining("invalid_grant");
      assertThat(windows.opened()).hasSize(1);
    }
  }

  @Test
  void aRefreshTokenThatWasGivenBackIsNotUsedAnyMore() {
    String first = keycloak.refreshToken(RegisteredClient.NATIVE_5S, Person.BOB);
    Grant grant = Grant.refreshToken(first);
    try (OAuthClient client =
        client(
            ClientAuthentication.none(RegisteredClient.NATIVE_5S.id()),
            new Windows(FormLogin.as(Person.BOB)))) {
      String token = client.tokens(grant).token().value();
      client.revoke(grant);
      assertOver(token);
      assertThatThrownBy(() -> client.tokens(grant).token())
          .isInstanceOfSatisfying(
              LoginRequiredException.class,
              e -> assertThat(e.reason()).isEqualTo(LoginRequiredException.Reason.LOGGED_OUT));
    }
  }

  @Test
  void theClientsOwnRightsBeginAnew() {
    Grant own = Grant.clientCredentials();
    try (OAuthClient client = client(service(), new Windows(FormLogin.as(Person.ALICE)))) {
      String token = client.tokens(own).token().value();
      client.revoke(own);
      assertOver(token);
      assertThat(keycloak.introspect(client.tokens(own).token().value()))
          .containsEntry("active", true);
    }
  }

  @Test
  void theTokensOfOneAnswerAreRevoked() {
    try (OAuthClient client = client(service(), new Windows(FormLogin.as(Person.ALICE)))) {
      TokenSet tokens = client.fetch(Grant.clientCredentials());
      client.revoke(tokens);
      assertOver(tokens.accessToken().value());
    }
  }

  @Test
  @Spec("RV-02")
  void aTokenThatKeycloakDoesNotKnowCountsAsRevoked() {
    try (OAuthClient client = client(service(), new Windows(FormLogin.as(Person.ALICE)))) {
      client.revoke(Secret.of("no-token-of-anybody"), "access_token");
    }
  }
}
