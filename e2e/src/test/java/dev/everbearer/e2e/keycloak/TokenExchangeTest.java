package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.AssertionSource;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.TokenExchangeGrant;
import dev.everbearer.grant.TokenType;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.TokenSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A service that was called by a person's program calls the orders API for that person. */
@WithKeycloak
class TokenExchangeTest {

  private final Keycloak keycloak;

  TokenExchangeTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private OAuthClient exchanger() {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .clientSecretBasic(RegisteredClient.EXCHANGER.id(), RegisteredClient.EXCHANGER.secret())
        .build();
  }

  private AssertionSource tokenOfAPerson() {
    return AssertionSource.supplier(
        "alice",
        () -> {
          try (OAuthClient direct =
              OAuthClient.builder()
                  .issuer(keycloak.issuer())
                  .clientSecretPost(RegisteredClient.DIRECT.id(), RegisteredClient.DIRECT.secret())
                  .build()) {
            String refreshToken = keycloak.refreshToken(RegisteredClient.DIRECT, Person.ALICE);
            return direct.fetch(Grant.refreshToken(refreshToken)).accessToken().value();
          }
        });
  }

  private static TokenExchangeGrant toOrders(AssertionSource subject) {
    return Grant.tokenExchange(subject, TokenType.ACCESS_TOKEN).audience("orders-api");
  }

  @Test
  void theNewTokenIsForTheApiAndOfThePerson() {
    try (OAuthClient client = exchanger()) {
      Map<String, Object> seen =
          keycloak.introspect(client.tokens(toOrders(tokenOfAPerson())).token().value());
      assertThat(seen)
          .containsEntry("username", "alice")
          .containsEntry("client_id", RegisteredClient.EXCHANGER.id())
          .extractingByKey("aud", LIST)
          .contains("orders-api");
    }
  }

  @Test
  void theNextTokenIsExchangedForAnotherOfThePersons() {
    try (OAuthClient client = exchanger()) {
      TokenSource tokens = client.tokens(toOrders(tokenOfAPerson()));
      AccessToken first = tokens.token();
      tokens.invalidate(first);
      assertThat(keycloak.introspect(tokens.token().value())).containsEntry("username", "alice");
      assertThat(tokens.token()).isNotEqualTo(first);
    }
  }

  @Test
  void whatIsNoTokenIsRefused() {
    try (OAuthClient client = exchanger()) {
      Grant grant = toOrders(AssertionSource.of("no-token-of-anybody"));
      assertThatThrownBy(() -> client.tokens(grant).token())
          .isInstanceOf(OAuthErrorException.class)
          .hasMessageNotContaining("no-token-of-anybody");
    }
  }

  @Test
  void anAudienceThatKeycloakDoesNotKnowIsRefused() {
    try (OAuthClient client = exchanger()) {
      Grant grant =
          Grant.tokenExchange(tokenOfAPerson(), TokenType.ACCESS_TOKEN).audience("nobodys-api");
      assertThatThrownBy(() -> client.tokens(grant).token())
          .isInstanceOf(OAuthErrorException.class);
    }
  }
}
