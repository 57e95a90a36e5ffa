package dev.everbearer.http;

import static dev.everbearer.http.Scene.GRANT;
import static dev.everbearer.http.Scene.get;
import static dev.everbearer.http.Scene.invalidToken;
import static dev.everbearer.http.Scene.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.everbearer.OAuthClient;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.Header;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.TokenState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which bodies are sent a second time after a 401, and how. */
@ExtendWith(ScriptedServers.class)
class RequestBodiesTest {

  private static final String TEXT = "the body, \u00e4\u00f6\u00fc, ".repeat(3000);
  private static final byte[] BYTES = TEXT.getBytes(UTF_8);
  @TempDir static Path directory;

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private OAuthClient client;
  private HttpClient http;

  RequestBodiesTest(SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = server;
    this.api = api;
  }

  @BeforeEach
  void aTokenIsInHand() throws Exception {
    client = Scene.client(server, clock).build();
    http = Scene.http(client, api);
    get(http, api);
    api.clearRequests();
  }

  @AfterEach
  void close() {
    client.close();
  }

  interface Bodies {
    BodyPublisher make() throws Exception;
  }

  private static BodyPublisher stream() {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(BYTES));
  }

  private static BodyPublisher sameStream() {
    InputStream stream = new ByteArrayInputStream(BYTES);
    return BodyPublishers.ofInputStream(() -> stream);
  }

  private static Path file() throws IOException {
    return Files.write(directory.resolve("body"), BYTES);
  }

  private static Stream<Arguments> of(List<Named<Bodies>> bodies) {
    return bodies.stream()
        .flatMap(body -> Stream.of(Way.values()).map(way -> Arguments.of(body, way)));
  }

  static Stream<Arguments> replayable() {
    return of(
        List.of(
            Named.of("bytes", () -> BodyPublishers.ofByteArray(BYTES)),
            Named.of("part of bytes", () -> BodyPublishers.ofByteArray(BYTES, 0, BYTES.length)),
            Named.of("text", () -> BodyPublishers.ofString(TEXT)),
            Named.of("file", () -> BodyPublishers.ofFile(file())),
            Named.of("repeatable stream", () -> RepeatableBody.of(RequestBodiesTest::stream)),
            Named.of(
                "repeatable stream of known length",
                () -> RepeatableBody.of(RequestBodiesTest::stream, BYTES.length))));
  }

  static Stream<Arguments> oneShot() {
    return of(
        List.of(
            Named.of("stream", RequestBodiesTest::stream),
            Named.of("the same stream again", RequestBodiesTest::sameStream),
            Named.of("byte arrays", () -> BodyPublishers.ofByteArrays(List.of(BYTES))),
            Named.of(
                "publisher", () -> BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(BYTES))),
            Named.of(
                "publisher of known length",
                () ->
                    BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(BYTES), BYTES.length)),
            Named.of(
                "joined",
                () ->
                    BodyPublishers.concat(
                        BodyPublishers.ofByteArray(BYTES), BodyPublishers.noBody()))));
  }

  private HttpResponse<String> post(HttpClient http, Way way, BodyPublisher body) throws Exception {
    HttpRequest request =
        request(api).POST(body).header("X-Caller", "kept").header("Idempotency-Key", "1").build();
    return way.call(http, request, BodyHandlers.ofString());
  }

  @ParameterizedTest
  @MethodSource
  @Spec({"LC-40", "LC-44", "LC-43"})
  void replayable(Bodies body, Way way) throws Exception {
    server.revokeAllAccessTokens();
    assertThat(post(http, way, body.make()).statusCode()).isEqualTo(200);
    assertThat(api.requests()).hasSize(2).allMatch(sent -> sent.bodyText().equals(TEXT));
    assertThat(withoutToken(api.requests().get(1)))
        .isEqualTo(withoutToken(api.requests().get(0)))
        .contains(new Header("X-Caller", "kept"), new Header("Idempotency-Key", "1"));
  }

  private static Set<Header> withoutToken(RecordedRequest request) {
    return Set.copyOf(
        request.headers().stream()
            .filter(header -> !header.name().equalsIgnoreCase("Authorization"))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "DELETE", "POST", "PUT", "PATCH", "OPTIONS"})
  @Spec({"LC-40", "LC-43"})
  void withoutABodyEveryMethodIsRepeated(String method) throws Exception {
    server.revokeAllAccessTokens();
    for (BodyPublisher none : List.of(BodyPublishers.noBody(), BodyPublishers.ofString(""))) {
      api.clearRequests();
      HttpRequest request = request(api).method(method, none).build();
      assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      assertThat(api.requests()).allMatch(sent -> sent.method().equals(method));
    }
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource
  @Spec({"LC-40", "LC-41"})
  void oneShot(Bodies body, Way way) throws Exception {
    server.revokeAllAccessTokens();
    HttpResponse<String> response = post(http, way, body.make());
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(api.requests()).singleElement().matches(sent -> sent.bodyText().equals(TEXT));
    // The renewal has begun, so the next request finds a good token.
    server.awaitRequests(2, Duration.ofSeconds(10));
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  @Spec("LC-41")
  void oneShotRequestsRefreshFirstInsideTheSoftMargin(Way way) throws Exception {
    try (OAuthClient idle = Scene.client(server, clock).build()) {
      idle.tokens(GRANT).warmUp();
      await().until(() -> idle.tokens(GRANT).state() == TokenState.FRESH);
      clock.advance(Duration.ofSeconds(250));
      assertThat(idle.tokens(GRANT).state()).isEqualTo(TokenState.RENEWABLE);
      server.clearRequests();
      server.revokeAllAccessTokens();
      assertThat(post(Scene.http(idle, api), way, stream()).statusCode()).isEqualTo(200);
      assertThat(api.requests()).singleElement().matches(sent -> sent.bodyText().equals(TEXT));
    }
  }

  private String tokenOf() throws Exception {
    assertThat(get(http, api).statusCode()).isEqualTo(200);
    return api.requests().get(0).header("Authorization").orElseThrow();
  }

  @Test
  @Spec("LC-41")
  void repeatableRequestsInsideTheSoftMarginDoNotWait() throws Exception {
    String first = tokenOf();
    clock.advance(Duration.ofSeconds(250));
    server.answerAlways(Answer.hang());
    assertThat(post(http, Way.SEND, BodyPublishers.ofString(TEXT)).statusCode()).isEqualTo(200);
    assertThat(api.requests())
        .last()
        .matches(sent -> sent.header("Authorization").get().equals(first));
  }

  @Test
  @Spec("LC-41")
  void oneShotRequestsOutsideTheSoftMarginDoNotRefresh() throws Exception {
    clock.advance(Duration.ofSeconds(100));
    assertThat(post(http, Way.SEND, stream()).statusCode()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("oneShot")
  @Spec("LC-42")
  void bufferingMakesAOneShotBodyRepeatableUpToItsSize(Bodies body, Way way) throws Exception {
    server.revokeAllAccessTokens();
    assertThat(post(buffering(BYTES.length), way, body.make()).statusCode()).isEqualTo(200);
    assertThat(api.requests()).hasSize(2).allMatch(sent -> sent.bodyText().equals(TEXT));
    assertThat(withoutToken(api.requests().get(1))).isEqualTo(withoutToken(api.requests().get(0)));

    server.revokeAllAccessTokens();
    api.clearRequests();
    assertThat(post(buffering(BYTES.length - 1), way, body.make()).statusCode()).isEqualTo(401);
    assertThat(api.requests()).singleElement().matches(sent -> sent.bodyText().equals(TEXT));
  }

  private HttpClient buffering(int bytes) {
    return client.http().bind(GRANT, api.origin().toString()).bufferBodies(bytes).build();
  }

  @Test
  @Spec("LC-42")
  void aBufferHasASize() {
    assertThatThrownBy(() -> client.http().bufferBodies(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 429})
  @Spec("LC-43")
  void serverErrorsAreNotRepeated(int status) throws Exception {
    for (Way way : Way.values()) {
      api.clearRequests();
      api.answerNext(Answer.status(status));
      assertThat(post(http, way, BodyPublishers.ofString(TEXT)).statusCode()).isEqualTo(status);
      assertThat(api.requestCount()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Spec("LC-43")
  void timeoutsAndBrokenConnectionsAreNotRepeated(Way way) {
    api.answerNext(Answer.reset());
    assertThatThrownBy(() -> post(http, way, BodyPublishers.ofString(TEXT)))
        .isInstanceOf(IOException.class);
    assertThat(api.requestCount()).isEqualTo(1);
    api.answerNext(Answer.hang());
    HttpRequest hasty = request(api).timeout(Duration.ofMillis(300)).build();
    assertThatThrownBy(() -> way.call(http, hasty, BodyHandlers.ofString()))
        .isInstanceOf(java.net.http.HttpTimeoutException.class);
    assertThat(api.requestCount()).isEqualTo(2);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("LC-44")
  void eachSendingAsksTheSupplierAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Supplier<BodyPublisher> supplier =
        () -> {
          asked.incrementAndGet();
          return sameStream();
        };
    server.revokeAllAccessTokens();
    assertThat(post(http, Way.SEND, RepeatableBody.of(supplier)).statusCode()).isEqualTo(200);
    assertThat(asked).hasValue(2);
    assertThat(api.requests()).hasSize(2).allMatch(sent -> sent.bodyText().equals(TEXT));
  }

  @Test
  @Spec("LC-44")
  void repeatedHeadersOfTheCallerAreKept() throws Exception {
    HttpRequest request =
        request(api)
            .version(HttpClient.Version.HTTP_1_1)
            .header("Accept", "a/b")
            .header("Accept", "c/d")
            .PUT(BodyPublishers.ofString(TEXT))
            .build();
    api.answerNext(invalidToken());
    assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    assertThat(api.requests())
        .hasSize(2)
        .allMatch(sent -> sent.headers("Accept").equals(List.of("a/b", "c/d")));
  }
}
