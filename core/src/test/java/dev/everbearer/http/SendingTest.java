package dev.everbearer.http;

import static dev.everbearer.http.Scene.downForLong;
import static dev.everbearer.http.Scene.get;
import static dev.everbearer.http.Scene.http;
import static dev.everbearer.http.Scene.invalidToken;
import static dev.everbearer.http.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.everbearer.OAuthClient;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenState;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Deadlines, interrupts, cancellation and errors of a request, by the system's clock. */
@Timeout(30)
@ExtendWith(ScriptedServers.class)
class SendingTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration HASTY = Duration.ofMillis(400);
  private static final Duration LATE = Duration.ofSeconds(4);

  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private OAuthClient client;
  private HttpClient http;

  SendingTest(ScriptedAuthorizationServer server, ScriptedApi api) {
    this.server = server;
    this.api = api;
  }

  @BeforeEach
  void open() {
    client = Scene.client(server).build();
    http = http(client, api);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private HttpRequest hasty() {
    return request(api).timeout(HASTY).build();
  }

  // ---- deadlines

  @ParameterizedTest
  @EnumSource
  void theDeadlineCoversTheWaitForAToken(Way way) {
    server.answerAlways(Answer.hang());
    long start = System.nanoTime();
    assertThatThrownBy(() -> way.call(http, hasty(), BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class)
        .hasCauseInstanceOf(OAuthException.class);
    assertThat(System.nanoTime() - start).isBetween(HASTY.toNanos(), LATE.toNanos());
    assertThat(api.requestCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void withoutATimeoutMaxWaitLimitsTheWait(Way way) {
    server.answerAlways(Answer.hang());
    HttpClient impatient =
        client.http().bind(Scene.GRANT, api.origin().toString()).maxWait(HASTY).build();
    assertThatThrownBy(() -> way.call(impatient, request(api).build(), BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(api.requestCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void theDeadlineCoversTheSending(Way way) throws Exception {
    get(http, api);
    api.answerAlways(Answer.hang());
    assertThatThrownBy(() -> way.call(http, hasty(), BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
  }

  @ParameterizedTest
  @EnumSource
  void theDeadlineCoversTheReplay(Way way) throws Exception {
    get(http, api);
    api.answerNext(invalidToken().delayed(HASTY.dividedBy(2)), Answer.hang());
    long start = System.nanoTime();
    HttpRequest request = request(api).timeout(HASTY.multipliedBy(2)).build();
    assertThatThrownBy(() -> way.call(http, request, BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("the replay gets what is left, not the whole again")
        .isBetween(HASTY.multipliedBy(2), HASTY.multipliedBy(2).plus(HASTY.dividedBy(2)));
    api.releaseHung();
  }

  @ParameterizedTest
  @EnumSource
  void whenTheRenewalOutlastsTheDeadlineThe401GoesToTheCaller(Way way) throws Exception {
    get(http, api);
    server.answerAlways(Answer.hang());
    api.answerNext(invalidToken());
    HttpResponse<String> response = way.call(http, hasty(), BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).isEqualTo("{\"refused\":true}");
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatTricklesInDoesNotHoldUpTheReplay(Way way) throws Exception {
    get(http, api);
    Answer slow =
        Answer.raw(
                "HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n"
                    + "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n\r\nbegun")
            .thenHold();
    api.answerNext(slow);
    long start = System.nanoTime();
    assertThat(way.call(http, request(api).build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(System.nanoTime() - start).isLessThan(LATE.toNanos());
    api.awaitEndedConnections(1, SOON);
  }

  // ---- interrupts

  @Test
  void anInterruptEndsTheSending() throws Exception {
    get(http, api);
    api.answerAlways(Answer.hang());
    FutureTask<HttpResponse<String>> sending = sending();
    Thread thread = new Thread(sending);
    thread.start();
    api.awaitHung(1, SOON);
    thread.interrupt();
    assertThatThrownBy(sending::get).hasCauseInstanceOf(InterruptedException.class);
    api.awaitEndedConnections(api.totalConnections(), SOON);
  }

  @Test
  void anInterruptEndsTheWaitForAToken() throws Exception {
    server.answerNext(Answer.hang());
    FutureTask<HttpResponse<String>> sending = sending();
    Thread thread = new Thread(sending);
    thread.start();
    server.awaitHung(1, SOON);
    thread.interrupt();
    assertThatThrownBy(sending::get).hasCauseInstanceOf(InterruptedException.class);
    server.releaseHung();
    await().until(() -> client.tokens(Scene.GRANT).state() == TokenState.FRESH);
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(api.requestCount()).isEqualTo(1);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  void anInterruptBeforehandCountsToo() throws Exception {
    get(http, api);
    FutureTask<HttpResponse<String>> sending = sending();
    Thread thread =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              sending.run();
            });
    thread.start();
    assertThatThrownBy(sending::get).hasCauseInstanceOf(InterruptedException.class);
  }

  private FutureTask<HttpResponse<String>> sending() {
    return new FutureTask<>(() -> http.send(request(api).build(), BodyHandlers.ofString()));
  }

  // ---- cancellation

  static Stream<Named<UnaryOperator<CompletableFuture<HttpResponse<String>>>>> derivations() {
    return Stream.of(
        Named.of("itself", future -> future),
        Named.of("mapped", future -> future.thenApply(response -> response)),
        Named.of(
            "mapped twice",
            future ->
                future.thenApply(response -> response).whenComplete((response, error) -> {})));
  }

  @ParameterizedTest
  @MethodSource("derivations")
  void cancellingAbortsTheExchange(
      UnaryOperator<CompletableFuture<HttpResponse<String>>> derivation) throws Exception {
    get(http, api);
    api.answerAlways(Answer.hang());
    CompletableFuture<HttpResponse<String>> call =
        http.sendAsync(request(api).build(), BodyHandlers.ofString());
    api.awaitHung(1, SOON);
    assertThat(derivation.apply(call).cancel(true)).isTrue();
    assertThatThrownBy(call::get).isInstanceOf(CancellationException.class);
    api.awaitEndedConnections(api.totalConnections(), SOON);
    api.answerHealthy();
    assertThat(get(http, api).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("derivations")
  void cancellingWhileATokenIsAwaitedSendsNothing(
      UnaryOperator<CompletableFuture<HttpResponse<String>>> derivation) throws Exception {
    server.answerNext(Answer.hang());
    CompletableFuture<HttpResponse<String>> call =
        http.sendAsync(request(api).build(), BodyHandlers.ofString());
    server.awaitHung(1, SOON);
    derivation.apply(call).cancel(true);
    server.releaseHung();
    await().until(() -> client.tokens(Scene.GRANT).state() == TokenState.FRESH);
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(api.requestCount()).isEqualTo(1);
    assertThat(server.tokenRequests()).as("others profit from the flight").hasSize(1);
  }

  @Test
  void cancellingWhileTheSuccessorIsAwaitedSendsNoReplay() throws Exception {
    get(http, api);
    server.answerNext(Answer.hang());
    api.answerNext(invalidToken());
    CompletableFuture<HttpResponse<String>> call =
        http.sendAsync(request(api).build(), BodyHandlers.ofString());
    server.awaitHung(1, SOON);
    call.cancel(true);
    server.releaseHung();
    await().until(() -> server.accessTokensIssued() == 2);
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(api.requestCount()).isEqualTo(3);
  }

  // ---- what the caller sees

  @ParameterizedTest
  @EnumSource
  void theResponseCarriesTheCallersOwnRequest(Way way) throws Exception {
    for (Answer answer : List.of(Answer.healthy(), invalidToken(), Answer.status(500))) {
      api.answerNext(answer);
      HttpRequest request = request(api).header("X-Mine", "1").build();
      HttpResponse<String> response = way.call(http, request, BodyHandlers.ofString());
      assertThat(response.request()).isSameAs(request);
      assertThat(response.request().headers().map()).containsOnlyKeys("X-Mine");
      assertThat(response.uri()).isEqualTo(request.uri());
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(response.sslSession()).isEmpty();
      assertThat(response.previousResponse()).isEmpty();
      assertThat(response.headers().firstValue("Content-Length")).isPresent();
      assertThat(response).hasToString("(GET " + request.uri() + ") " + response.statusCode());
    }
  }

  @ParameterizedTest
  @EnumSource
  void errorsOfTheGrantKeepTheirType(Way way) {
    server.answerAlways(downForLong());
    assertThatThrownBy(() -> way.call(http, request(api).build(), BodyHandlers.ofString()))
        .isInstanceOf(OAuthIOException.class)
        .satisfies(
            error ->
                assertThat(error.getCause())
                    .isInstanceOf(OAuthException.class)
                    .hasMessage(error.getMessage()));
  }

  @ParameterizedTest
  @EnumSource
  void aDeadGrantAsksForALogin(Way way) {
    server.registerPublicClient("app");
    HttpClient dead =
        client
            .http()
            .bind(dev.everbearer.grant.Grant.refreshToken("revoked-long-ago"), api.origin() + "")
            .build();
    assertThatThrownBy(() -> way.call(dead, request(api).build(), BodyHandlers.ofString()))
        .isInstanceOf(OAuthIOException.class)
        .hasCauseInstanceOf(LoginRequiredException.class);
    assertThat(api.requestCount()).isZero();
  }

  @Test
  void aClosedSourceSendsNothing() {
    client.close();
    for (Way way : Way.values()) {
      assertThatThrownBy(() -> way.call(http, request(api).build(), BodyHandlers.ofString()))
          .isInstanceOf(OAuthIOException.class);
    }
    assertThat(api.requestCount()).isZero();
  }

  @Test
  void whatAHandlerThrowsReachesTheCaller() {
    HttpResponse.BodyHandler<String> broken =
        head -> {
          throw new IllegalStateException("broken handler");
        };
    for (Way way : Way.values()) {
      assertThatThrownBy(() -> way.call(http, request(api).build(), broken))
          .hasStackTraceContaining("broken handler");
    }
  }

  @Test
  void anErrorInAHandlerOfAHeldBodyDoesNotHang() throws Exception {
    get(http, api);
    server.answerAlways(downForLong());
    api.answerAlways(invalidToken());
    HttpResponse.BodyHandler<String> broken =
        head -> {
          throw new AssertionError("broken handler");
        };
    CompletableFuture<HttpResponse<String>> call = http.sendAsync(request(api).build(), broken);
    await().until(call::isDone);
    assertThatThrownBy(call::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(AssertionError.class);
  }

  @Test
  void nothingIsTakenForNull() {
    HttpRequest request = request(api).build();
    for (Way way : Way.values()) {
      assertThatThrownBy(() -> way.call(http, nothing(), BodyHandlers.ofString()))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> way.call(http, request, nothing()))
          .isInstanceOf(NullPointerException.class);
    }
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // as callers without checks do
  private static <T> T nothing() {
    return null;
  }
}
