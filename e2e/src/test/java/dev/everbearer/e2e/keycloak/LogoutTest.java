package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.login.Logout;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person logs out: here, then in the browser at Keycloak (RP-Initiated Logout). */
@WithKeycloak
class LogoutTest {

  private static final String CALLBACK = "http://127.0.0.1:9/callback";
  private static final String GOODBYE = "http://127.0.0.1:9/goodbye";
  private static final AuthorizationCodeGrant OPENID = Grant.authorizationCode().scope("openid");

  private final Keycloak keycloak;
  private final FormLogin alice = FormLogin.as(Person.ALICE);
  private OAuthClient client;

  LogoutTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  @BeforeEach
  void open() {
    client =
        OAuthClient.builder()
            .issuer(keycloak.issuer())
            .clientSecretBasic(RegisteredClient.WEB.id(), RegisteredClient.WEB.secret())
            .build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private TokenSet login(AuthorizationCodeGrant grant) {
    AuthorizationCodeFlow flow = client.authorizationCodeFlow(grant, CALLBACK);
    AuthorizationRedirect redirect = flow.start();
    return flow.finish(
        redirect.pending(), AuthorizationResponse.ofUrl(alice.redirect(redirect.url()).toString()));
  }

  private static Grant renewing(TokenSet tokens) {
    return Grant.refreshToken(tokens.refreshToken().orElseThrow().reveal());
  }

  private void assertNobodyIsLoggedInInTheBrowser() {
    assertThatThrownBy(() -> login(OPENID.authorizationParameter("prompt", "none")))
        .isInstanceOfSatisfying(
            LoginFailedException.class, e -> assertThat(e.error()).contains("login_required"));
  }

  @Test
  @Spec({"LO-01", "LO-02"})
  void theTokensAndTheSessionInTheBrowserAreOver() {
    TokenSet tokens = login(OPENID);
    Logout logout = client.logout().tokens(tokens).returnTo(GOODBYE).start();
    assertThat(logout.failure()).isEmpty();
    assertThatThrownBy(() -> client.fetch(renewing(tokens))).isInstanceOf(OAuthException.class);
    assertThat(keycloak.introspect(tokens.accessToken().value())).containsEntry("active", false);

    URI end = alice.redirect(logout.url().orElseThrow());
    assertThat(end.toString()).startsWith(GOODBYE + "?");
    assertThat(Logout.isReturn(logout.state().orElseThrow(), end.toString())).isTrue();
    assertNobodyIsLoggedInInTheBrowser();
  }

  @Test
  @Spec("LO-02")
  void aManagedGrantIsLoggedOutToo() {
    TokenSet tokens = login(OPENID);
    Grant grant = renewing(tokens);
    TokenSource source = client.tokens(grant);
    String renewed = source.token().value();
    Logout logout =
        client.logout().grant(grant).idToken(tokens.validatedIdToken().orElseThrow()).start();
    assertThatThrownBy(source::token).isInstanceOf(LoginRequiredException.class);
    assertThat(keycloak.introspect(renewed)).containsEntry("active", false);
    alice.redirect(logout.url().orElseThrow());
    assertNobodyIsLoggedInInTheBrowser();
  }

  @Test
  @Spec("LO-01")
  void anAddressThatIsNotRegisteredIsNotReturnedTo() {
    TokenSet tokens = login(OPENID);
    Logout logout =
        client.logout().tokens(tokens).returnTo("https://elsewhere.example.com/").start();
    URI url = logout.url().orElseThrow();
    assertThatThrownBy(() -> alice.redirect(url)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> client.fetch(renewing(tokens)))
        .as("here it is over all the same")
        .isInstanceOf(OAuthException.class);
  }
}
