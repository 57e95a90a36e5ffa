package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.http.OAuthIOException;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.StepUpRequiredException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An API that wants another login, and a client that has the person log in once more. */
@ExtendWith(ScriptedServers.class)
class StepUpLoginTest {

  private static final AuthorizationCodeGrant GRANT = Grant.authorizationCode().scope("read");
  private static final String WANTED =
      " error=\"insufficient_user_authentication\", acr_values=\"gold\", max_age=60";

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private final UserAgent browser = new UserAgent();
  private final List<URI> opened = new CopyOnWriteArrayList<>();
  private OAuthClient client;

  StepUpLoginTest(SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = WebLogin.withoutPushing(server);
    this.api = api;
    server.registerPublicClient("native");
    server.registerRedirectUris(
        "native", "http://127.0.0.1/callback/127.0.0.1-" + server.issuer().getPort());
  }

  @BeforeEach
  void open() {
    client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .authentication(ClientAuthentication.none("native"))
            .clocks(clock, clock::nanoTime)
            .login(Login.inBrowser(this::visit))
            .build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void visit(URI url) {
    opened.add(url);
    try {
      assertThat(browser.open(url).statusCode()).isEqualTo(200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer wants(int status, String challenge) {
    return Answer.status(status).header("WWW-Authenticate", challenge);
  }

  private int get(HttpClient http) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(api.uri("/pay")).build();
    return http.send(request, BodyHandlers.ofString()).statusCode();
  }

  private HttpClient steppingUp() {
    return client.http().bind(GRANT, api.origin().toString()).stepUp().build();
  }

  private List<String> tokensSent() {
    return api.requests().stream()
        .map((RecordedRequest request) -> request.header("Authorization").orElse(""))
        .toList();
  }

  @Test
  @Spec({"SU-01", "SU-03"})
  void aTokenOfALoginThatIsTooLongAgoIsNotOfferedAgain() throws Exception {
    HttpClient http = steppingUp();
    api.answerNext(wants(401, "Bearer" + WANTED));
    assertThat(get(http)).isEqualTo(200);
    clock.advance(Duration.ofSeconds(59));
    api.answerNext(wants(401, "Bearer" + WANTED));
    assertThat(get(http)).isEqualTo(200);
    assertThat(opened).as("a login of a minute ago is good enough").hasSize(2);
    clock.advance(Duration.ofSeconds(1));
    api.answerNext(wants(401, "Bearer" + WANTED));
    assertThat(get(http)).isEqualTo(200);
    assertThat(opened).as("and one of longer ago is not").hasSize(3);
    List<String> sent = tokensSent();
    assertThat(sent.get(1)).isEqualTo(sent.get(3)).isNotEqualTo(sent.get(5));
    assertThat(sent.get(0)).isEqualTo(sent.get(2)).isEqualTo(sent.get(4));
  }

  @Test
  @Spec("SU-03")
  void aTokenOfAnOldLoginIsNotRenewedByARefresh() throws Exception {
    HttpClient http = steppingUp();
    api.answerNext(wants(401, "Bearer" + WANTED));
    assertThat(get(http)).isEqualTo(200);
    clock.advance(Duration.ofHours(2));
    api.answerNext(wants(401, "Bearer" + WANTED));
    assertThat(get(http)).isEqualTo(200);
    assertThat(opened).hasSize(3);
    assertThat(server.tokenRequests())
        .extracting(request -> request.form().get("grant_type").get(0))
        .containsExactly(
            "authorization_code", "authorization_code", "refresh_token", "authorization_code");
  }

  @Test
  @Spec("SU-03")
  void scopesDoNotAge() throws Exception {
    HttpClient http = steppingUp();
    for (int i = 0; i < 2; i++) {
      api.answerNext(wants(403, "Bearer error=\"insufficient_scope\", scope=\"write\""));
      assertThat(get(http)).isEqualTo(200);
      clock.advance(Duration.ofMinutes(10));
    }
    assertThat(opened).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer", "DPoP"})
  @Spec({"SU-01", "SU-03"})
  void theRequestGoesOutAgainWithTheTokenOfANewLogin(String scheme) throws Exception {
    HttpClient http = steppingUp();
    api.answerNext(wants(401, scheme + WANTED));
    assertThat(get(http)).isEqualTo(200);
    assertThat(opened).hasSize(2);
    assertThat(WebLogin.parameters(opened.get(1)))
        .containsEntry("acr_values", List.of("gold"))
        .containsEntry("max_age", List.of("60"));
    api.answerNext(wants(401, scheme + WANTED));
    assertThat(get(http)).isEqualTo(200);
    assertThat(get(http)).isEqualTo(200);
    assertThat(opened).as("both tokens are kept").hasSize(2);
    List<String> sent = tokensSent();
    assertThat(sent.get(0)).isEqualTo(sent.get(2)).isEqualTo(sent.get(4));
    assertThat(sent.get(1)).isEqualTo(sent.get(3)).isNotEqualTo(sent.get(0));
  }

  @Test
  @Spec("SU-03")
  void anApiThatWantsMoreAndMoreIsAskedOnceMoreForEachRequest() throws Exception {
    api.answerAlways(wants(401, "Bearer" + WANTED));
    assertThat(get(steppingUp())).isEqualTo(401);
    assertThat(api.requestCount()).isEqualTo(2);
    assertThat(opened).hasSize(2);
  }

  @Test
  @Spec({"MC-04", "BR-08"})
  void missingScopesAreAskedForBesideThoseBefore() throws Exception {
    api.answerNext(wants(403, "Bearer error=\"insufficient_scope\", scope=\"write\""));
    assertThat(get(steppingUp())).isEqualTo(200);
    assertThat(WebLogin.parameters(opened.get(1))).containsEntry("scope", List.of("read write"));
    api.answerAlways(wants(403, "Bearer error=\"insufficient_scope\", scope=\"write\""));
    api.clearRequests();
    assertThat(get(steppingUp())).isEqualTo(403);
    assertThat(api.requestCount()).isEqualTo(2);
  }

  // ---- nobody to log in

  private OAuthClient service() {
    server.registerClient("service", "secret");
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clientSecretBasic("service", "secret")
        .clocks(clock, clock::nanoTime)
        .build();
  }

  private HttpClient failing(OAuthClient from) {
    Grant grant = from == client ? GRANT : Grant.clientCredentials();
    return from.http().bind(grant, api.origin().toString()).stepUp().failOnStepUp().build();
  }

  private static StepUpRequiredException thrown(ThrowingCallable call) {
    Throwable error = catchThrowable(call);
    assertThat(error).isInstanceOf(OAuthIOException.class);
    assertThat(error).cause().isInstanceOf(StepUpRequiredException.class);
    return (StepUpRequiredException) error.getCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer", "DPoP"})
  @Spec({"SU-02", "BR-08"})
  void whoCannotLogInGetsATypedErrorWithWhatTheApiWants(String scheme) {
    try (OAuthClient service = service()) {
      HttpClient http = failing(service);
      api.answerNext(wants(401, scheme + WANTED));
      StepUpRequiredException error = thrown(() -> get(http));
      assertThat(error.wanted().acrValues()).containsExactly("gold");
      assertThat(error.wanted().maxAge()).contains(Duration.ofSeconds(60));
      assertThat(error)
          .hasMessageContaining(api.origin().toString())
          .hasMessageContaining("acr_values=gold, max_age=60 s");
      api.answerNext(wants(403, scheme + " error=\"insufficient_scope\", scope=\"write\""));
      assertThat(thrown(() -> get(http)).wanted().scope()).containsExactly("write");
      assertThat(api.requestCount()).isEqualTo(2);
      assertThat(server.tokenRequests()).as("no renewal").hasSize(1);
    }
  }

  @Test
  @Spec("SU-02")
  void theTypedErrorCompletesAnAsynchronousCall() {
    try (OAuthClient service = service()) {
      api.answerNext(wants(401, "Bearer" + WANTED));
      HttpRequest request = HttpRequest.newBuilder(api.uri("/pay")).build();
      CompletableFuture<?> call = failing(service).sendAsync(request, BodyHandlers.ofString());
      assertThat(thrown(() -> getNow(call)).wanted().acrValues()).containsExactly("gold");
    }
  }

  private static void getNow(CompletableFuture<?> call) throws Throwable {
    try {
      call.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  @Test
  @Spec("SU-02")
  void everyOtherAnswerGoesToTheCaller() throws Exception {
    try (OAuthClient service = service()) {
      HttpClient http = failing(service);
      api.answerNext(wants(403, "Bearer error=\"access_denied\""));
      assertThat(get(http)).isEqualTo(403);
      api.answerNext(wants(400, "Bearer" + WANTED));
      assertThat(get(http)).isEqualTo(400);
      assertThat(get(http)).isEqualTo(200);
    }
  }

  @Test
  @Spec({"SU-02", "SU-03"})
  void whoCanLogInGetsTheErrorOnlyWhenThatDoesNotHelp() throws Exception {
    HttpClient http = failing(client);
    api.answerNext(wants(401, "Bearer" + WANTED));
    assertThat(get(http)).isEqualTo(200);
    assertThat(opened).hasSize(2);
    api.answerAlways(wants(401, "Bearer" + WANTED));
    api.clearRequests();
    assertThat(thrown(() -> get(http)).wanted().acrValues()).containsExactly("gold");
    assertThat(api.requestCount()).isEqualTo(2);
  }

  @Test
  @Spec("SU-02")
  void aLoginThatFailsIsTheCauseOfTheError() throws Exception {
    HttpClient http = failing(client);
    assertThat(get(http)).isEqualTo(200);
    api.answerAlways(wants(401, "Bearer" + WANTED));
    server.answerAlways(Answer.json(400, "{\"error\":\"invalid_grant\"}"));
    assertThat(thrown(() -> get(http))).hasCauseInstanceOf(LoginFailedException.class);
  }

  @Test
  @Spec({"SU-02", "BR-08"})
  void withoutBeingConfiguredTheAnswerGoesToTheCaller() throws Exception {
    HttpClient http = client.httpClientFor(api.origin().toString(), GRANT);
    api.answerNext(wants(401, "Bearer" + WANTED));
    assertThat(get(http)).isEqualTo(401);
    api.answerNext(wants(403, "Bearer error=\"insufficient_scope\", scope=\"write\""));
    assertThat(get(http)).isEqualTo(403);
    assertThat(opened).hasSize(1);
    assertThat(server.tokenRequests()).hasSize(1);
  }
}
