package dev.everbearer.http.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.http.Way;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.token.TokenSource;
import dev.everbearer.wire.HttpClients;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.CookieManager;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrapped client looks like the one below it, and ends as JDK 21 defines it. */
@Timeout(30)
class EndOfClientTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final ScriptedApi api = ScriptedApi.open();
  private final HttpClient delegate =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() {
    api.close();
    HttpClients.shutdownNow(delegate);
  }

  private AuthorizedHttpClient wrapped(HttpClient below, boolean owns) {
    BearerAuthorizer authorizer =
        BearerAuthorizer.builder()
            .bind(TokenSource.fixed("a-fixed-token"), api.origin().toString())
            .build();
    return new AuthorizedHttpClient(below, owns, authorizer, 0);
  }

  private HttpRequest request() {
    return HttpRequest.newBuilder(api.uri("/")).build();
  }

  private boolean works(HttpClient client) throws Exception {
    return client.send(request(), BodyHandlers.discarding()).statusCode() == 200;
  }

  @Test
  void everyMethodOfThePlatformsClientIsForwarded() {
    assertThat(HttpClient.class.getDeclaredMethods())
        .filteredOn(EndOfClientTest::isForInstances)
        .allSatisfy(
            method ->
                assertThat(AuthorizedHttpClient.class.getDeclaredMethods())
                    .anyMatch(own -> overrides(own, method)));
  }

  private static boolean isForInstances(Method method) {
    return Modifier.isPublic(method.getModifiers())
        && !Modifier.isStatic(method.getModifiers())
        && !method.isSynthetic();
  }

  private static boolean overrides(Method own, Method method) {
    return own.getName().equals(method.getName())
        && Arrays.equals(own.getParameterTypes(), method.getParameterTypes());
  }

  @Test
  void accessorsAnswerAsTheClientBelow() throws Exception {
    HttpClient rich =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager())
            .connectTimeout(Duration.ofSeconds(7))
            .proxy(ProxySelector.of(null))
            .sslContext(SSLContext.getDefault())
            .executor(Runnable::run)
            .build();
    HttpClient wrapped = wrapped(rich, true);
    assertThat(wrapped.cookieHandler()).isEqualTo(rich.cookieHandler()).isPresent();
    assertThat(wrapped.connectTimeout()).isEqualTo(rich.connectTimeout()).isPresent();
    assertThat(wrapped.followRedirects()).isEqualTo(HttpClient.Redirect.NEVER);
    assertThat(wrapped.proxy()).isEqualTo(rich.proxy()).isPresent();
    assertThat(wrapped.sslContext()).isSameAs(rich.sslContext());
    assertThat(wrapped.sslParameters().getProtocols())
        .isEqualTo(rich.sslParameters().getProtocols());
    assertThat(wrapped.authenticator()).isEmpty();
    assertThat(wrapped.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(wrapped.executor()).isEqualTo(rich.executor()).isPresent();
    assertThat(wrapped.toString()).contains(api.origin().toString()).doesNotContain("fixed");
  }

  @ParameterizedTest
  @EnumSource
  void aFixedTokenIsSentAndItsRefusalHandedOver(Way way) throws Exception {
    HttpClient client = wrapped(delegate, false);
    assertThat(way.call(client, request(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    api.answerNext(
        Answer.json(401, "{}").header("WWW-Authenticate", "Bearer error=\"invalid_token\""));
    HttpResponse<String> refused = way.call(client, request(), BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).isEqualTo("{}");
    assertThat(api.requests())
        .hasSize(2)
        .allMatch(sent -> sent.header("Authorization").orElse("").equals("Bearer a-fixed-token"));
  }

  @Test
  void aUsersClientOutlivesTheWrappedOne() throws Exception {
    AuthorizedHttpClient client = wrapped(delegate, false);
    assertThat(works(client)).isTrue();
    client.close();
    client.shutdownNow();
    assertThat(client.isTerminated()).isTrue();
    assertThat(works(delegate)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "shutdown", "shutdownNow"})
  void aClientOfOurOwnEndsWithTheWrappedOne(String how) throws Exception {
    AuthorizedHttpClient client = wrapped(delegate, true);
    assertThat(works(client)).isTrue();
    assertThat(client.isTerminated()).isFalse();
    AuthorizedHttpClient.class.getMethod(how).invoke(client);
    assertThat(client.awaitTermination(SOON)).isTrue();
    assertThat(client.isTerminated()).isTrue();
    assumeThat(HttpClients.canClose()).isTrue();
    assertThatThrownBy(() -> works(delegate)).isInstanceOf(IOException.class);
    assertThat(HttpClients.isTerminated(delegate)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aClosedClientTakesNothing(Way way) {
    AuthorizedHttpClient client = wrapped(delegate, false);
    client.shutdown();
    assertThatThrownBy(() -> way.call(client, request(), BodyHandlers.discarding()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed");
    CompletableFuture<WebSocket> socket =
        client
            .newWebSocketBuilder()
            .buildAsync(
                URI.create(api.uri("/ws").toString().replace("http:", "ws:")),
                new WebSocket.Listener() {});
    assertThatThrownBy(socket::get).hasCauseInstanceOf(IOException.class);
    assertThat(api.requestCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void closingWaitsForWhatIsUnderWay(Way way) throws Exception {
    AuthorizedHttpClient client = wrapped(delegate, true);
    api.answerNext(Answer.hang());
    FutureTask<HttpResponse<String>> call =
        new FutureTask<>(() -> way.call(client, request(), BodyHandlers.ofString()));
    new Thread(call).start();
    api.awaitHung(1, SOON);
    Thread closer = new Thread(client::close);
    closer.start();
    await()
        .until(
            () ->
                closer.getState() == Thread.State.WAITING
                    || closer.getState() == Thread.State.TIMED_WAITING);
    assertThat(client.isTerminated()).isFalse();
    assertThat(client.awaitTermination(Duration.ofMillis(1))).isFalse();
    api.releaseHung();
    assertThat(call.get().statusCode()).isEqualTo(200);
    closer.join(SOON.toMillis());
    assertThat(closer.isAlive()).isFalse();
    assertThat(client.isTerminated()).isTrue();
  }

  @Test
  void oneThatWaitsForTheEndOfAnIdleClientIsWokenByItsShutdown() throws Exception {
    AuthorizedHttpClient client = wrapped(delegate, false);
    FutureTask<Boolean> waiting =
        new FutureTask<>(() -> client.awaitTermination(ChronoUnit.FOREVER.getDuration()));
    Thread waiter = new Thread(waiting);
    waiter.start();
    await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
    client.shutdown();
    assertThat(waiting.get(SOON.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anInterruptEndsTheWaitOfCloseAndKeepsItsFlag() throws Exception {
    assumeThat(HttpClients.canClose()).isTrue();
    AuthorizedHttpClient client = wrapped(delegate, true);
    api.answerAlways(Answer.hang());
    CompletableFuture<HttpResponse<String>> call =
        client.sendAsync(request(), BodyHandlers.ofString());
    api.awaitHung(1, SOON);
    FutureTask<Boolean> closing =
        new FutureTask<>(
            () -> {
              client.close();
              return Thread.currentThread().isInterrupted();
            });
    Thread closer = new Thread(closing);
    closer.start();
    await()
        .until(
            () ->
                closer.getState() == Thread.State.WAITING
                    || closer.getState() == Thread.State.TIMED_WAITING);
    closer.interrupt();
    assertThat(closing.get()).isTrue();
    assertThatThrownBy(call::get).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void itIsAutoCloseableWhereThePlatformsClientIs() throws Exception {
    HttpClient client = wrapped(delegate, true);
    assumeThat(HttpClients.canClose()).isTrue();
    assertThat(client).isInstanceOf(AutoCloseable.class);
    try (AutoCloseable resource = (AutoCloseable) client) {
      assertThat(resource).isSameAs(client);
      assertThat(works(client)).isTrue();
    }
    assertThatThrownBy(() -> works(client)).isInstanceOf(IOException.class);
    assertThat(HttpClients.isTerminated(delegate)).isTrue();
  }
}
