package dev.everbearer;

import static dev.everbearer.AtIssuer.clientOf;
import static dev.everbearer.Exchanges.ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.login.Logout;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Logging out (OpenID Connect RP-Initiated Logout): here first, then in the browser. */
@ExtendWith(ScriptedServers.class)
class LogoutTest {

  private static final String BACK = "https://app.example.com/bye?x=1";
  private static final Duration LONG = Duration.ofSeconds(10);

  private ScriptedAuthorizationServer server;
  private Grant grant;

  @BeforeEach
  void start(ScriptedAuthorizationServer scripted) {
    server = scripted;
    server.registerClient(ID, "any");
    server.clientMetadata(ID, Map.of("post_logout_redirect_uris", List.of(BACK)));
    grant = Grant.refreshToken(server.issueRefreshToken(ID));
  }

  private OAuthClientBuilder client() {
    return clientOf(server).maxWait(Duration.ZERO).exchangeTimeout(Duration.ofSeconds(3));
  }

  private IdToken idToken(String compact) {
    Map<String, Object> claims =
        Map.of("iss", "i", "sub", "s", "aud", ID, "iat", BigDecimal.ONE, "exp", BigDecimal.TEN);
    return IdToken.checked(Secret.of(compact), claims);
  }

  private HttpResponse<String> browse(URI url) {
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  // ---- the request

  @Test
  @Spec("LO-01")
  void theBrowserIsSentWithHintClientReturnUrlAndState() {
    try (OAuthClient client = client().build()) {
      Logout logout = client.logout().idToken(idToken("a.b.c")).returnTo(BACK).start();
      String state = logout.state().orElseThrow();
      assertThat(state).hasSize(43);
      assertThat(logout.page()).isEmpty();
      assertThat(logout.url())
          .contains(
              URI.create(
                  server.endpoint("end_session_endpoint")
                      + "?id_token_hint=a.b.c&client_id="
                      + ID
                      + "&post_logout_redirect_uri="
                      + URLEncoder.encode(BACK, StandardCharsets.UTF_8)
                      + "&state="
                      + state));
      assertThat(logout).hasToString("Logout at " + server.issuer());
    }
  }

  @Test
  @Spec("LO-01")
  void theServerTakesItAndTheBrowserComesBackWithTheState() {
    try (OAuthClient client = client().build()) {
      Logout logout = client.logout().returnTo(BACK).start();
      String returned =
          browse(logout.url().orElseThrow()).headers().firstValue("location").orElseThrow();
      assertThat(returned).startsWith(BACK);
      assertThat(Logout.isReturn(logout.state().orElseThrow(), returned)).isTrue();
    }
  }

  @Test
  @Spec("LO-01")
  void withoutAReturnUrlThereIsNoState() {
    try (OAuthClient client = client().build()) {
      Logout logout = client.logout().start();
      assertThat(logout.state()).isEmpty();
      assertThat(logout.url().orElseThrow().getRawQuery()).isEqualTo("client_id=" + ID);
      assertThat(browse(logout.url().orElseThrow()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  @Spec("LO-01")
  void anEndpointWithAQueryKeepsIt() {
    server.metadata(Map.of("end_session_endpoint", server.uri("/out?p=login").toString()));
    try (OAuthClient client = client().build()) {
      assertThat(client.logout().start().url())
          .contains(server.uri("/out?p=login&client_id=" + ID));
    }
  }

  @Test
  @Spec("LO-01")
  void aLongHintGoesByAPageThatPostsItself() {
    String hint = "a." + "b".repeat(2000) + ".c";
    try (OAuthClient client = client().build()) {
      Logout logout = client.logout().idToken(idToken(hint)).returnTo(BACK + "&a='b'").start();
      assertThat(logout.url()).isEmpty();
      assertThat(logout.page().orElseThrow())
          .contains(
              "method=\"post\" action=\"" + server.endpoint("end_session_endpoint") + "\"",
              "name=\"id_token_hint\" value=\"" + hint + "\"",
              "name=\"client_id\" value=\"" + ID + "\"",
              "value=\"" + BACK + "&amp;a=&#39;b&#39;\"",
              "name=\"state\" value=\"" + logout.state().orElseThrow() + "\"");
      assertThat(logout.summary()).contains("ends when the browser is sent there");
    }
  }

  @Test
  @Spec("LO-01")
  void aReturnUrlIsAbsolute() {
    try (OAuthClient client = client().build()) {
      assertThatIllegalArgumentException().isThrownBy(() -> client.logout().returnTo("/bye"));
    }
  }

  // ---- here first

  @Test
  @Spec("LO-02")
  void theTokensAreOutOfUseBeforeTheBrowserIsSent() {
    try (OAuthClient client = client().build()) {
      TokenSource source = client.tokens(grant);
      AccessToken token = source.token(LONG);
      Logout logout = client.logout().grant(grant).returnTo(BACK).start();
      assertThat(logout.failure()).isEmpty();
      assertThat(server.isActive(token.value())).isFalse();
      assertThat(server.requestsTo("end_session_endpoint")).isEmpty();
      assertThatThrownBy(() -> source.token(LONG)).isInstanceOf(LoginRequiredException.class);
    }
  }

  @Test
  @Spec("LO-02")
  void theTokensOfALoginAreRevokedAndItsIdTokenIsTheHint() {
    try (OAuthClient client = client().build()) {
      TokenSet tokens = client.fetch(grant).toBuilder().validatedIdToken(idToken("x.y.z")).build();
      Logout logout = client.logout().tokens(tokens).start();
      assertThat(logout.url().orElseThrow().getRawQuery()).startsWith("id_token_hint=x.y.z");
      assertThat(server.isActive(tokens.accessToken().value())).isFalse();
    }
  }

  @Test
  @Spec("LO-02")
  void aMissingOrWrongStateBringsNothingBack() {
    try (OAuthClient client = client().build()) {
      TokenSource source = client.tokens(grant);
      source.token(LONG);
      String state = client.logout().grant(grant).returnTo(BACK).start().state().orElseThrow();
      assertThat(Logout.isReturn(state, BACK)).isFalse();
      assertThat(Logout.isReturn(state, BACK + "&state=" + state + "x")).isFalse();
      assertThat(Logout.isReturn(state, BACK + "&state=" + state + "&state=" + state)).isFalse();
      assertThat(Logout.isReturn(state, BACK + "&state=" + state)).isTrue();
      assertThatThrownBy(() -> source.token(LONG)).isInstanceOf(LoginRequiredException.class);
    }
  }

  @Test
  @Spec("LO-02")
  void whatCouldNotBeRevokedIsToldAndOutOfUse() {
    server
        .script(server.revocationEndpoint().getPath())
        .answerAlways(Answer.json(400, "{\"error\":\"invalid_request\"}"));
    try (OAuthClient client = client().build()) {
      TokenSource source = client.tokens(grant);
      source.token(LONG);
      Logout logout = client.logout().grant(grant).start();
      assertThat(logout.failure()).containsInstanceOf(OAuthErrorException.class);
      assertThat(logout.summary()).contains("its server still has to be told");
      assertThat(logout.url()).isPresent();
      assertThatThrownBy(() -> source.token(LONG)).isInstanceOf(LoginRequiredException.class);
    }
  }

  @Test
  @Spec("LO-03")
  void aServerWithoutTheEndpointGetsTheRevocationAndThePersonIsTold() {
    server.withoutMetadata("end_session_endpoint");
    try (OAuthClient client = client().build()) {
      TokenSource source = client.tokens(grant);
      AccessToken token = source.token(LONG);
      Logout logout = client.logout().grant(grant).returnTo(BACK).start();
      assertThat(logout.url()).isEmpty();
      assertThat(logout.page()).isEmpty();
      assertThat(logout.state()).isEmpty();
      assertThat(logout.summary()).contains(server.issuer() + " offers no logout in the browser");
      assertThat(server.isActive(token.value())).isFalse();
      assertThatThrownBy(() -> source.token(LONG)).isInstanceOf(LoginRequiredException.class);
    }
  }
}
