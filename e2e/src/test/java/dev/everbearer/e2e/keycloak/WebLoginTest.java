package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.TokenSet;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A web application with a secret, whose pages the test stands for. */
@WithKeycloak
class WebLoginTest {

  private static final String CALLBACK = "http://127.0.0.1:9/callback";

  private final Keycloak keycloak;
  private OAuthClient client;
  private AuthorizationCodeFlow flow;

  WebLoginTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  @BeforeEach
  void open() {
    client =
        OAuthClient.builder()
            .issuer(keycloak.issuer())
            .clientSecretBasic(RegisteredClient.WEB.id(), RegisteredClient.WEB.secret())
            .build();
    flow = client.authorizationCodeFlow(Grant.authorizationCode().scope("openid"), CALLBACK);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static AuthorizationResponse answer(AuthorizationRedirect redirect, FormLogin person) {
    return AuthorizationResponse.ofUrl(person.redirect(redirect.url()).toString());
  }

  @Test
  void theCodeBringsTokensAndAnIdTokenOfThePerson() {
    AuthorizationRedirect redirect = flow.start();
    TokenSet tokens = flow.finish(redirect.pending(), answer(redirect, FormLogin.as(Person.BOB)));
    Map<String, Object> seen = keycloak.introspect(tokens.accessToken().value());
    assertThat(seen).containsEntry("username", "bob");
    assertThat(tokens.validatedIdToken().orElseThrow().subject()).isEqualTo(seen.get("sub"));
  }

  @Test
  void whatComesIsRenewedByItsRefreshToken() {
    AuthorizationRedirect redirect = flow.start();
    TokenSet tokens = flow.finish(redirect.pending(), answer(redirect, FormLogin.as(Person.BOB)));
    Grant grant = Grant.refreshToken(tokens.refreshToken().orElseThrow().reveal());
    assertThat(keycloak.introspect(client.tokens(grant).token().value()))
        .containsEntry("username", "bob");
  }

  @Test
  void anAnswerCountsOnce() {
    AuthorizationRedirect redirect = flow.start();
    AuthorizationResponse answer = answer(redirect, FormLogin.as(Person.ALICE));
    TokenSet tokens = flow.finish(redirect.pending(), answer);
    assertThatThrownBy(() -> flow.finish(redirect.pending(), answer))
        .isInstanceOf(LoginFailedException.class);
    assertThat(keycloak.introspect(tokens.accessToken().value()))
        .as("Keycloak ends the session of a code that it sees twice")
        .containsEntry("active", true);
  }

  @Test
  void theAnswerToAnotherLoginIsRefused() {
    FormLogin alice = FormLogin.as(Person.ALICE);
    AuthorizationRedirect one = flow.start();
    AuthorizationRedirect other = flow.start();
    AuthorizationResponse answerToOther = answer(other, alice);
    assertThatThrownBy(() -> flow.finish(one.pending(), answerToOther))
        .isInstanceOf(LoginFailedException.class)
        .hasMessageContaining("state");
    assertThat(flow.finish(other.pending(), answerToOther).accessToken()).isNotNull();
  }

  @Test
  void whoIsNotLoggedInCannotBeLoggedInSilently() {
    AuthorizationCodeFlow silent =
        client.authorizationCodeFlow(
            Grant.authorizationCode().scope("openid").authorizationParameter("prompt", "none"),
            CALLBACK);
    AuthorizationRedirect redirect = silent.start();
    AuthorizationResponse answer = answer(redirect, FormLogin.as(Person.ALICE));
    assertThatThrownBy(() -> silent.finish(redirect.pending(), answer))
        .isInstanceOfSatisfying(
            LoginFailedException.class, e -> assertThat(e.error()).contains("login_required"));
  }
}
