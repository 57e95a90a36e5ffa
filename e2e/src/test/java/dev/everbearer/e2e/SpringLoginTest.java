package dev.everbearer.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.login.Login;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logins at Spring Authorization Server, through its login page. */
class SpringLoginTest {

  private static final String CALLBACK = "https://app.example.com/callback";

  private static LoginServer server;

  @BeforeAll
  static void start() {
    server = new LoginServer();
    server.registerConfidential("web", "web-secret", CALLBACK);
    server.registerPublic(
        "native", "http://127.0.0.1/callback/127.0.0.1-" + server.issuer().getPort());
    server.registerPublic("elsewhere", "http://127.0.0.1/another/path");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static OAuthClient web() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clientSecretBasic("web", "web-secret")
        .build();
  }

  private static OAuthClient program(String clientId, Login login) {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .authentication(ClientAuthentication.none(clientId))
        .login(login)
        .build();
  }

  @Test
  void aWebApplicationLogsAPersonInAndRefreshesTheTokens() {
    try (OAuthClient client = web()) {
      AuthorizationCodeFlow flow =
          client.authorizationCodeFlow(Grant.authorizationCode().scope("openid", "read"), CALLBACK);
      AuthorizationRedirect redirect = flow.start();
      URI callback = new Person(server.issuer()).logIn(redirect.url());
      assertThat(callback.toString()).startsWith(CALLBACK + "?code=");

      TokenSet tokens =
          flow.finish(redirect.pending(), AuthorizationResponse.ofQuery(callback.getRawQuery()));
      assertThat(tokens.idToken()).isPresent();
      assertThat(tokens.scope().orElseThrow().tokens()).contains("read");

      String refreshToken = tokens.refreshToken().orElseThrow().reveal();
      assertThat(client.tokens(Grant.refreshToken(refreshToken)).token())
          .isNotEqualTo(tokens.accessToken());
    }
  }

  @Test
  void aCodeThatSomebodyElseBroughtIsRefusedByTheServer() {
    try (OAuthClient client = web()) {
      AuthorizationCodeFlow flow =
          client.authorizationCodeFlow(Grant.authorizationCode().scope("read"), CALLBACK);
      String stolen =
          new Person(server.issuer())
              .logIn(flow.start().url())
              .getRawQuery()
              .replaceAll(".*code=([^&]*).*", "$1");
      AuthorizationRedirect mine = flow.start();
      assertThatThrownBy(
              () ->
                  flow.finish(
                      mine.pending(),
                      AuthorizationResponse.ofQuery("code=" + stolen + "&state=" + mine.state())))
          .isInstanceOf(LoginFailedException.class)
          .hasMessageContaining("invalid_grant");
    }
  }

  @Test
  void aProgramLogsAPersonInOnceAndGoesOnByItself() {
    List<URI> opened = new CopyOnWriteArrayList<>();
    Login login =
        Login.inBrowser(
            url -> {
              opened.add(url);
              new Person(server.issuer()).logInAndReturn(url);
            });
    try (OAuthClient client = program("native", login)) {
      TokenSource source = client.tokens(Grant.authorizationCode().scope("read"));
      AccessToken first = source.token();
      assertThat(source.token()).isEqualTo(first);
      assertThat(opened).hasSize(1);
    }
  }

  @Test
  void aRegisteredPathOfItsOwnIsUsed() {
    Login login =
        Login.inBrowser(url -> new Person(server.issuer()).logInAndReturn(url))
            .path("/another/path");
    try (OAuthClient client = program("elsewhere", login)) {
      assertThat(client.fetch(Grant.authorizationCode().scope("read"))).isNotNull();
    }
  }

  @Test
  void anAddressIsPasted() {
    Login login = Login.byPasting(url -> new Person(server.issuer()).logIn(url).toString());
    try (OAuthClient client = program("native", login)) {
      assertThat(client.fetch(Grant.authorizationCode().scope("read"))).isNotNull();
    }
  }

  @Test
  void whatTheServerRefusesIsToldWithItsReason() {
    Login login = Login.inBrowser(url -> new Person(server.issuer()).logInAndReturn(url));
    try (OAuthClient client = program("native", login)) {
      assertThatThrownBy(() -> client.fetch(Grant.authorizationCode().scope("fly")))
          .isInstanceOfSatisfying(
              LoginFailedException.class,
              failed -> assertThat(failed.error()).contains("invalid_scope"));
    }
  }
}
