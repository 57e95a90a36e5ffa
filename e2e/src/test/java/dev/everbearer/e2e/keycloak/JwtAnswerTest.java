package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.TokenSet;
import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A web application that has its answers by signed JWT (JARM). */
@WithKeycloak
class JwtAnswerTest {

  private static final String CALLBACK = "http://127.0.0.1:9/callback";
  private static final AuthorizationCodeGrant OPENID = Grant.authorizationCode().scope("openid");

  private final Keycloak keycloak;

  JwtAnswerTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private OAuthClient client(
      RegisteredClient registered, UnaryOperator<OAuthClientBuilder> settings) {
    return settings
        .apply(
            OAuthClient.builder()
                .issuer(keycloak.issuer())
                .clientSecretBasic(registered.id(), registered.secret()))
        .build();
  }

  private OAuthClient client() {
    return client(
        RegisteredClient.WEB_JWT,
        settings ->
            settings
                .idTokens(JwtRegistration.standard().signedBy("ES256"))
                .authorizationResponses(JwtRegistration.standard().signedBy("ES256")));
  }

  private static TokenSet login(OAuthClient client, AuthorizationCodeGrant grant) {
    AuthorizationCodeFlow flow = client.authorizationCodeFlow(grant, CALLBACK).byJwt();
    AuthorizationRedirect redirect = flow.start();
    URI answer = FormLogin.as(Person.BOB).redirect(redirect.url());
    assertThat(FlowsByHand.query(answer)).containsOnlyKeys("response");
    return flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(answer.toString()));
  }

  private void assertTokenOfBob(TokenSet tokens) {
    assertThat(keycloak.introspect(tokens.accessToken().value())).containsEntry("username", "bob");
  }

  @Test
  @Spec({"JM-01", "JM-02"})
  void aSignedAnswerInTheQueryIsTaken() {
    try (OAuthClient client = client()) {
      assertTokenOfBob(login(client, OPENID));
    }
  }

  @Test
  @Spec({"JM-01", "JM-02"})
  void aSignedAnswerThatIsPostedIsTaken() {
    try (OAuthClient client = client()) {
      AuthorizationCodeFlow flow =
          client.authorizationCodeFlow(OPENID, CALLBACK).byFormPost().byJwt();
      AuthorizationRedirect redirect = flow.start();
      HtmlForm form = FormLogin.as(Person.BOB).posted(redirect.url());
      assertThat(form.action()).isEqualTo(CALLBACK);
      AuthorizationResponse answer =
          AuthorizationResponse.ofFormPost(
              "POST", "application/x-www-form-urlencoded", Keycloak.encoded(form.inputs()));
      assertTokenOfBob(flow.finish(redirect.pending(), answer));
    }
  }

  @Test
  @Spec("IS-04")
  void anErrorComesSignedToo() {
    AuthorizationCodeGrant silent = OPENID.authorizationParameter("prompt", "none");
    try (OAuthClient client = client()) {
      assertThatThrownBy(() -> login(client, silent))
          .isInstanceOfSatisfying(
              LoginFailedException.class, e -> assertThat(e.error()).contains("login_required"));
    }
  }

  @Test
  @Spec("JM-02")
  void anotherAlgorithmThanTheRegisteredOneIsRefused() {
    JwtRegistration other = JwtRegistration.standard().signedBy("RS256");
    try (OAuthClient client =
        client(RegisteredClient.WEB_JWT, settings -> settings.authorizationResponses(other))) {
      assertThatThrownBy(() -> login(client, OPENID))
          .isInstanceOf(LoginFailedException.class)
          .hasMessageContaining("ES256");
    }
  }

  /** That the issuer is named once in a JWT has its price: no plain answer names it. */
  @Test
  @Spec("IS-02")
  void aPlainAnswerToSuchAClientIsRefused() {
    try (OAuthClient client = client()) {
      AuthorizationCodeFlow flow = client.authorizationCodeFlow(OPENID, CALLBACK);
      AuthorizationRedirect redirect = flow.start();
      AuthorizationResponse answer =
          AuthorizationResponse.ofUrl(FormLogin.as(Person.BOB).redirect(redirect.url()).toString());
      assertThatThrownBy(() -> flow.finish(redirect.pending(), answer))
          .isInstanceOf(LoginFailedException.class)
          .hasMessageContaining("does not name its server (iss)");
    }
  }

  /** What Keycloak writes unless the client is excepted from RFC 9207, as WEB_JWT is. */
  @Test
  @Spec({"JM-02", "SE-12"})
  void anAnswerThatNamesItsIssuerTwiceIsRefused() {
    try (OAuthClient client = client(RegisteredClient.WEB, settings -> settings)) {
      assertThatThrownBy(() -> login(client, OPENID))
          .isInstanceOf(LoginFailedException.class)
          .hasMessageContaining(keycloak.issuer())
          .hasMessageContaining("has the member 'iss' twice");
    }
  }

  /** On a person's machine, where an answer that cannot be read does not end the wait. */
  @Test
  @Spec({"JM-02", "NA-04"})
  void whoWaitsForSuchAnAnswerAtALoopbackPortIsToldOfIt() {
    Windows windows = new Windows(FormLogin.as(Person.BOB));
    try (OAuthClient client =
        client(
            RegisteredClient.WEB,
            settings ->
                settings.login(
                    dev.everbearer.login.Login.inBrowser(
                            page -> {
                              windows.accept(page);
                              windows.ends();
                            })
                        .byJwt()
                        .timeLimit(Duration.ofMillis(50))))) {
      assertThatThrownBy(() -> client.fetch(OPENID))
          .isInstanceOf(LoginFailedException.class)
          .hasMessageContaining("1 of the answers that came were turned away");
    }
  }
}
