package dev.everbearer.login;

import static dev.everbearer.login.WebLogin.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.challenge.StepUp;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RefreshTokensFor;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A program on the person's own machine, from the first call to the API to the token. */
@ExtendWith(ScriptedServers.class)
class BrowserLoginTest {

  private static final AuthorizationCodeGrant GRANT = Grant.authorizationCode().scope("read");

  private static final Duration TEST_LIMIT = Duration.ofSeconds(20);

  private final ScriptedAuthorizationServer server;
  private final UserAgent browser = new UserAgent();
  private final List<URI> opened = new CopyOnWriteArrayList<>();
  private final List<HttpResponse<String>> shown = new CopyOnWriteArrayList<>();

  BrowserLoginTest(ScriptedAuthorizationServer server) {
    this.server = WebLogin.withoutPushing(server);
    server.registerPublicClient("native");
    server.registerRedirectUris("native", "http://127.0.0.1" + path());
  }

  /** The path that a server's answers come to, if nothing else is said. */
  private String path() {
    return "/callback/127.0.0.1-" + server.issuer().getPort();
  }

  private OAuthClientBuilder builder() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .authentication(ClientAuthentication.none("native"));
  }

  /** Waits less long than a real person is waited for, in case that nobody comes. */
  private OAuthClient client(Login login) {
    boolean isLimited = login.timeLimit().compareTo(TEST_LIMIT) < 0;
    return builder().login(isLimited ? login : login.timeLimit(TEST_LIMIT)).build();
  }

  @Test
  @Spec("LC-05")
  void aTokenOfUnknownLifeThatOnlyAPersonCanReplaceIsUsedUntilItIsRefused() {
    server.refreshTokensFor(RefreshTokensFor.NO_LOGIN);
    server.alterAnswers(
        "token_endpoint",
        answer -> {
          Map<String, Object> endless = new TreeMap<>(answer);
          endless.remove("expires_in");
          return endless;
        });
    SettableClock clock = new SettableClock();
    OAuthClientBuilder onClock =
        builder()
            .clocks(clock, clock::nanoTime)
            .scheduler(clock.scheduler())
            .login(Login.inBrowser(this::visit).timeLimit(TEST_LIMIT));
    try (OAuthClient client = onClock.build()) {
      TokenSource source = client.tokens(GRANT);
      AccessToken first = source.token();
      clock.advance(Duration.ofHours(3));
      assertThat(source.token()).isEqualTo(first);
      assertThat(opened).hasSize(1);
      source.invalidate(first);
      assertThat(source.token()).isNotEqualTo(first);
      assertThat(opened).hasSize(2);
    }
  }

  /** A person who logs in at once. */
  private void visit(URI url) {
    opened.add(url);
    try {
      shown.add(browser.open(url));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String redirectUri(URI url) {
    return WebLogin.parameters(url).get("redirect_uri").get(0);
  }

  private static void isClosed(String redirectUri) {
    assertThatThrownBy(
            () ->
                new Socket(InetAddress.getLoopbackAddress(), URI.create(redirectUri).getPort())
                    .close())
        .isInstanceOf(ConnectException.class);
  }

  // ---- when an API wants more

  @Spec({"SU-01", "SU-03", "MC-04"})
  @Test
  void aStepUpIsALoginOfItsOwnAndLeavesTheFirstTokenToOtherCalls() {
    String challenge =
        "Bearer error=\"insufficient_user_authentication\", acr_values=\"gold silver\","
            + " max_age=60, scope=\"write\"";
    StepUp wanted = StepUp.in(401, List.of(challenge)).orElseThrow();
    try (OAuthClient client = client(Login.inBrowser(this::visit))) {
      AccessToken first = client.tokens(GRANT).token();
      AccessToken stronger = client.tokens(GRANT.stepUp(wanted)).token();
      assertThat(client.tokens(GRANT.stepUp(wanted)).token()).isSameAs(stronger);
      assertThat(client.tokens(GRANT).token()).isSameAs(first).isNotEqualTo(stronger);
    }
    assertThat(opened).hasSize(2);
    assertThat(WebLogin.parameters(opened.get(0))).doesNotContainKeys("acr_values", "max_age");
    assertThat(WebLogin.parameters(opened.get(1)))
        .containsEntry("acr_values", List.of("gold silver"))
        .containsEntry("max_age", List.of("60"))
        .containsEntry("scope", List.of("read write"));
  }

  // ---- when all is well

  @Spec({"NA-02", "NA-05", "NA-06", "PK-02", "O1-01"})
  @Test
  void theFirstCallToTheApiHasThePersonLogInAndTheNextUsesTheToken(ScriptedApi api)
      throws Exception {
    try (OAuthClient client = client(Login.inBrowser(this::visit))) {
      HttpClient http = client.httpClientFor(api.origin().toString(), GRANT);
      for (int call = 0; call < 3; call++) {
        HttpRequest request = HttpRequest.newBuilder(api.uri("/user")).build();
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      }
    }
    assertThat(opened).hasSize(1);
    assertThat(shown.get(0).statusCode()).isEqualTo(200);
    assertThat(shown.get(0).body()).contains("The login has reached the application");
    String redirectUri = redirectUri(opened.get(0));
    assertThat(redirectUri).matches("http://127\\.0\\.0\\.1:\\d+" + path());
    assertThat(server.tokenRequests()).hasSize(1);
    assertThat(server.tokenRequests().get(0).form())
        .containsEntry("redirect_uri", List.of(redirectUri))
        .containsKey("code_verifier");
    isClosed(redirectUri);
  }

  @Test
  void theRefreshTokenIsUsedBeforeAPersonIsAskedAgain() {
    try (OAuthClient client = client(Login.inBrowser(this::visit))) {
      TokenSource source = client.tokens(GRANT);
      AccessToken first = source.token();
      source.invalidate(first);
      assertThat(source.token()).isNotEqualTo(first);
      assertThat(opened).hasSize(1);
      assertThat(server.rotations()).isEqualTo(1);
    }
  }

  @Test
  void onePersonIsAskedOnceWhoeverWaits() {
    try (OAuthClient client = client(Login.inBrowser(this::visit))) {
      TokenSource source = client.tokens(GRANT);
      List<CompletableFuture<AccessToken>> waiting = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        waiting.add(source.tokenAsync().toCompletableFuture());
      }
      assertThat(waiting.stream().map(CompletableFuture::join).distinct()).hasSize(1);
      assertThat(opened).hasSize(1);
    }
  }

  @Test
  void fetchHasThePersonLogIn() {
    try (OAuthClient client = client(Login.inBrowser(this::visit))) {
      assertThat(client.fetch(GRANT).refreshToken()).isPresent();
      assertThat(client.fetch(GRANT)).isNotNull();
      assertThat(opened).hasSize(2);
      assertThat(redirectUri(opened.get(0))).isNotEqualTo(redirectUri(opened.get(1)));
    }
  }

  @Spec("PQ-25")
  @Test
  void portHostAndPathAreAsRegistered() throws Exception {
    int port;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    String registered = "http://localhost:" + port + "/done";
    server.registerRedirectUris("native", registered);
    Login login =
        Login.inBrowser(this::visit).localhost().fixedPort(port).path("/done").successPage("Fine.");
    try (OAuthClient client = client(login)) {
      assertThat(client.fetch(GRANT)).isNotNull();
      assertThat(client.fetch(GRANT)).isNotNull();
      assertThat(redirectUri(opened.get(0))).isEqualTo(registered);
      assertThat(shown.get(0).body()).contains("<p>Fine.</p>");
    }
  }

  // ---- when it is not

  @Spec({"NA-02", "AC-06", "O1-01"})
  @Test
  void aDenialIsFinalAndNobodyIsAskedAgainByItself() {
    server.authorization().denyNext("access_denied", "not today");
    try (OAuthClient client = client(Login.inBrowser(this::visit))) {
      assertThat(refusal(() -> client.tokens(GRANT).token()).error()).contains("access_denied");
      assertThat(opened).hasSize(1);
      assertThat(shown.get(0).body()).contains("did not succeed").doesNotContain("not today");
      assertThat(server.tokenRequests()).isEmpty();
      isClosed(redirectUri(opened.get(0)));
    }
  }

  @Spec({"NA-02", "NA-07", "O1-01"})
  @Test
  void aPersonWhoDoesNotComeIsWaitedForNoLongerThanAllowed() {
    Login login = Login.inBrowser(opened::add).timeLimit(Duration.ofMillis(50));
    try (OAuthClient client = client(login)) {
      assertThat(refusal(() -> client.tokens(GRANT).token()))
          .hasMessageContaining("nobody logged in within 0 s. Ask");
      assertThat(opened).hasSize(1);
      isClosed(redirectUri(opened.get(0)));
    }
  }

  @Spec("NA-04")
  @Test
  void whoWaitsInVainIsToldOfWhatWasTurnedAway() {
    Login login =
        Login.inBrowser(url -> visit(URI.create(redirectUri(url) + "?code=forged&state=wrong")))
            .timeLimit(Duration.ofMillis(50));
    try (OAuthClient client = client(login)) {
      assertThat(refusal(() -> client.tokens(GRANT).token()))
          .hasMessageContaining("nobody logged in within 0 s; 1 of the answers that came were")
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("forged"));
    }
  }

  @Spec("AC-04")
  @Test
  void anUnclearExchangeEndsTheLoginAndTheCodeIsNotSentAgain() {
    server.answerNext(Answer.healthy().sentAs(Answer.reset()));
    try (OAuthClient client = client(Login.inBrowser(this::visit))) {
      assertThat(refusal(() -> client.tokens(GRANT).token()))
          .hasMessageContaining("not sent a second time");
      assertThat(server.tokenRequests()).hasSize(1);
      assertThat(opened).hasSize(1);
    }
  }

  @Spec({"IS-01", "NA-04"})
  @Test
  void anAnswerOfAnotherServerEndsTheLogin() {
    server.authorization().alterResponse(answer -> answer.with("iss", "https://evil.example.com"));
    try (OAuthClient client = client(Login.inBrowser(this::visit))) {
      assertThat(refusal(() -> client.fetch(GRANT))).hasMessageContaining("(iss)");
      assertThat(shown.get(0).body()).contains("did not succeed");
      assertThat(server.tokenRequests()).isEmpty();
    }
  }

  @Spec("NA-04")
  @Test
  void strangersAreTurnedAwayAndTheLoginGoesOn() {
    Login login =
        Login.inBrowser(
            url -> {
              String place = redirectUri(url);
              visit(URI.create(place.replaceAll("/callback.*", "/favicon.ico")));
              visit(URI.create(place + "?code=forged&state=wrong"));
              visit(URI.create(place));
              visit(url);
            });
    try (OAuthClient client = client(login)) {
      assertThat(client.fetch(GRANT)).isNotNull();
      assertThat(shown.stream().map(HttpResponse::statusCode)).containsExactly(404, 400, 400, 200);
      assertThat(server.tokenRequests()).hasSize(1);
    }
  }

  @Spec("NA-05")
  @Test
  void anAnswerAtThePathOfAnotherServerIsNotTaken() throws Exception {
    try (ScriptedAuthorizationServer other =
        WebLogin.withoutPushing(ScriptedAuthorizationServer.start())) {
      String otherPath = "/callback/127.0.0.1-" + other.issuer().getPort();
      assertThat(otherPath).isNotEqualTo(path());
      Login login =
          Login.inBrowser(
              url -> {
                URI answer = redirectOf(url);
                visit(URI.create(answer.toString().replace(path(), otherPath)));
                visit(answer);
              });
      try (OAuthClient client = client(login)) {
        assertThat(client.fetch(GRANT)).isNotNull();
        assertThat(shown.stream().map(HttpResponse::statusCode)).containsExactly(404, 200);
      }
    }
  }

  private URI redirectOf(URI url) {
    try {
      return browser.redirectOf(url);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Spec("IS-05")
  @Test
  void aPathOfOnesOwnIsForOneServerThatDoesNotNameItself() {
    server.withoutMetadata("authorization_response_iss_parameter_supported");
    server.registerRedirectUris("native", "http://127.0.0.1/one");
    try (ScriptedAuthorizationServer other =
            WebLogin.withoutPushing(ScriptedAuthorizationServer.start());
        OAuthClient client = client(Login.inBrowser(this::visit).path("/one"))) {
      other.withoutMetadata("authorization_response_iss_parameter_supported");
      assertThat(client.fetch(GRANT)).isNotNull();
      try (OAuthClient second =
          OAuthClient.builder()
              .issuer(other.issuer().toString())
              .authentication(ClientAuthentication.none("native"))
              .login(Login.inBrowser(this::visit).path("/one"))
              .build()) {
        assertThat(refusal(() -> second.fetch(GRANT)))
            .hasMessageContaining("a redirect URI of its own");
      }
      assertThat(opened).hasSize(1);
    }
  }

  @Spec("SE-31")
  @Test
  void aFixedPortThatAnotherProgramHasFailsBeforeTheBrowserOpens() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        OAuthClient client = client(Login.inBrowser(this::visit).fixedPort(taken.getLocalPort()))) {
      assertThat(refusal(() -> client.fetch(GRANT)))
          .hasMessageContaining("port " + taken.getLocalPort())
          .hasMessageContaining("close the program");
      assertThat(opened).isEmpty();
    }
  }

  @Spec("NA-01")
  @Test
  void aUrlThatNoBrowserShouldOpenIsNotOpened() throws Exception {
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .authentication(ClientAuthentication.none("native"))
            .login(Login.inBrowser(this::visit))
            .build()) {
      assertThat(refusal(() -> client.fetch(GRANT)))
          .hasMessageContaining("no authorization endpoint");
    }
    for (String url : List.of("file:///etc/passwd", "http://id.example.com/a", "javascript:1")) {
      assertThatThrownBy(
              () ->
                  OAuthClient.builder()
                      .tokenEndpoint(server.tokenEndpoint().toString())
                      .endpoint(dev.everbearer.server.Endpoint.AUTHORIZATION, url)
                      .authentication(ClientAuthentication.none("native"))
                      .build())
          .as(url)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(opened).isEmpty();
  }

  @Test
  void aBrowserThatCannotBeOpenedEndsTheLogin() {
    Login login =
        Login.inBrowser(
            url -> {
              opened.add(url);
              throw new IllegalStateException("no display");
            });
    try (OAuthClient client = client(login)) {
      LoginFailedException refusal = refusal(() -> client.fetch(GRANT));
      assertThat(refusal)
          .hasMessageContaining("no browser could be opened")
          .hasMessageContaining("Login.byPasting");
      isClosed(redirectUri(opened.get(0)));
    }
  }

  @Spec("NA-02")
  @Test
  void closingTheClientEndsALoginThatIsUnderWay() throws Exception {
    CompletableFuture<URI> seen = new CompletableFuture<>();
    Login login =
        Login.inBrowser(
            url -> {
              opened.add(url);
              seen.complete(url);
            });
    OAuthClient client = client(login);
    CompletableFuture<AccessToken> token = client.tokens(GRANT).tokenAsync().toCompletableFuture();
    URI url = seen.get(10, java.util.concurrent.TimeUnit.SECONDS);
    client.close();
    assertThatThrownBy(token::join).hasCauseInstanceOf(SourceClosedException.class);
    isClosed(redirectUri(url));
    assertThatThrownBy(() -> client.fetch(GRANT)).isInstanceOf(SourceClosedException.class);
    assertThat(opened).hasSize(1);
  }

  // ---- by hand

  @Spec("NA-08")
  @Test
  void theAddressAtWhichTheBrowserEndsCanBePasted() {
    Login login =
        Login.byPasting(
            url -> {
              opened.add(url);
              return " " + redirectOf(url) + "\n";
            });
    try (OAuthClient client = client(login)) {
      assertThat(client.fetch(GRANT).accessToken()).isNotNull();
      assertThat(redirectUri(opened.get(0))).matches("http://127\\.0\\.0\\.1:\\d{5}" + path());
      isClosed(redirectUri(opened.get(0)));
    }
  }

  @Spec({"NA-08", "IS-01", "AC-02", "AC-08"})
  @Test
  void whatIsPastedIsCheckedAsAnyAnswer() {
    for (String[] change :
        new String[][] {
          {"iss=[^&]*", "iss=https://evil.example.com", "(iss)"},
          {"state=[^&]*", "state=wrong", "its state"},
          {"code=", "access_token=t&code=", "came through the browser"},
          {"\\?", "#", "fragment"},
          {"callback", "elsewhere", "not the address at which the browser ends"},
          {"^http:", "https:", "not the address at which the browser ends"},
          {".*", "", "no address was pasted"}
        }) {
      Login login =
          Login.byPasting(url -> redirectOf(url).toString().replaceFirst(change[0], change[1]));
      try (OAuthClient client = client(login)) {
        assertThat(refusal(() -> client.fetch(GRANT))).hasMessageContaining(change[2]);
      }
    }
    assertThat(server.tokenRequests()).isEmpty();
  }
}
