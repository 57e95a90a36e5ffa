package dev.everbearer.http;

import static dev.everbearer.http.Scene.downForLong;
import static dev.everbearer.http.Scene.get;
import static dev.everbearer.http.Scene.http;
import static dev.everbearer.http.Scene.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies reach handlers of all kinds, that of a 401 included when no successor can be had. */
@Timeout(30)
@ExtendWith(ScriptedServers.class)
class BodyHandlersTest {

  private static final String TEXT = "line \u00e9\n".repeat(10_000) + "end";
  private static final int CAP = 256 * 1024;
  @TempDir static Path directory;

  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private OAuthClient client;
  private HttpClient http;

  BodyHandlersTest(ScriptedAuthorizationServer server, ScriptedApi api) {
    this.server = server;
    this.api = api;
  }

  @BeforeEach
  void aTokenIsInHand() throws Exception {
    client = Scene.client(server).build();
    http = http(client, api);
    get(http, api);
    api.clearRequests();
  }

  @AfterEach
  void close() {
    client.close();
  }

  /** Receives a body in one way, and gives it back as text. */
  interface Receiver {
    String receive(Call call) throws Exception;
  }

  /** Sends with a handler. */
  interface Call {
    <T> T body(BodyHandler<T> handler) throws Exception;
  }

  static Stream<Arguments> receivers() {
    List<Named<Receiver>> receivers =
        List.of(
            Named.of("ofString", call -> call.body(BodyHandlers.ofString(UTF_8))),
            Named.of(
                "ofByteArray", call -> new String(call.body(BodyHandlers.ofByteArray()), UTF_8)),
            Named.of("ofInputStream", call -> read(call.body(BodyHandlers.ofInputStream()))),
            Named.of("ofLines", call -> joined(call.body(BodyHandlers.ofLines()))),
            Named.of("ofFile", BodyHandlersTest::throughAFile),
            Named.of("ofPublisher", BodyHandlersTest::throughAPublisher),
            Named.of("fromSubscriber", BodyHandlersTest::throughASubscriber),
            Named.of(
                "buffering",
                call -> call.body(BodyHandlers.buffering(BodyHandlers.ofString(UTF_8), 100))),
            Named.of("replacing", call -> call.body(BodyHandlers.replacing(TEXT))),
            Named.of(
                "discarding",
                call -> call.body(BodyHandlers.discarding()) == null ? TEXT : "something"));
    return receivers.stream()
        .flatMap(each -> Stream.of(Way.values()).map(way -> Arguments.of(each, way)));
  }

  private static String read(InputStream stream) throws IOException {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  private static String joined(Stream<String> lines) {
    try (lines) {
      return lines.collect(Collectors.joining("\n"));
    }
  }

  private static String throughAFile(Call call) throws Exception {
    Path file = call.body(BodyHandlers.ofFile(directory.resolve("body")));
    return Files.readString(file);
  }

  private static String throughAPublisher(Call call) throws Exception {
    Flow.Publisher<List<ByteBuffer>> publisher = call.body(BodyHandlers.ofPublisher());
    HttpResponse.BodySubscriber<String> text = BodySubscribers.ofString(UTF_8);
    publisher.subscribe(text);
    return text.getBody().toCompletableFuture().get();
  }

  private static String throughASubscriber(Call call) throws Exception {
    Meticulous subscriber = new Meticulous();
    return call.body(BodyHandlers.fromSubscriber(subscriber, Meticulous::text));
  }

  /** Asks for one list at a time, and minds that no more than that comes. */
  private static final class Meticulous implements Flow.Subscriber<List<ByteBuffer>> {

    private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    private Flow.@org.jspecify.annotations.Nullable Subscription rest;
    private int demand;
    private String ending = " (not complete)";

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      assertThat(rest).isNull();
      rest = subscription;
      demand = 1;
      subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      assertThat(demand--).as("demand").isPositive();
      buffers.forEach(
          buffer -> {
            byte[] chunk = new byte[buffer.remaining()];
            buffer.get(chunk);
            bytes.writeBytes(chunk);
          });
      demand++;
      java.util.Objects.requireNonNull(rest).request(1);
    }

    @Override
    public void onError(Throwable error) {
      ending = error.toString();
    }

    @Override
    public void onComplete() {
      ending = "";
    }

    String text() {
      return bytes.toString(UTF_8) + ending;
    }
  }

  private String received(Receiver receiver, Way way, int status) throws Exception {
    return receiver.receive(
        new Call() {
          @Override
          public <T> T body(BodyHandler<T> handler) throws Exception {
            HttpResponse<T> response = way.call(http, request(api).build(), handler);
            assertThat(response.statusCode()).isEqualTo(status);
            return response.body();
          }
        });
  }

  @ParameterizedTest
  @MethodSource("receivers")
  void aBodyArrivesAndSoDoesTheOneAfterARefusal(Receiver receiver, Way way) throws Exception {
    api.answerNext(
        Answer.text(200, "text/plain", TEXT),
        Scene.invalidToken(),
        Answer.text(200, "text/plain", TEXT));
    assertThat(received(receiver, way, 200)).isEqualTo(TEXT);
    assertThat(received(receiver, way, 200)).isEqualTo(TEXT);
    assertThat(api.requestCount()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("receivers")
  @Spec({"LC-30", "O1-01"})
  void whenTheRenewalFailsTheBodyOfThe401ArrivesWhole(Receiver receiver, Way way) throws Exception {
    server.answerAlways(downForLong());
    api.answerNext(refused(TEXT));
    assertThat(received(receiver, way, 401)).isEqualTo(TEXT);
    assertThat(api.requestCount()).isEqualTo(1);
  }

  private static Answer refused(String body) {
    return Answer.text(401, "text/plain", body)
        .header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyBodyAndOneAtTheCapArriveWhole(Way way) throws Exception {
    server.answerAlways(downForLong());
    for (String body : List.of("", "x", "x".repeat(CAP))) {
      api.answerNext(refused(body));
      HttpResponse<String> response = way.call(http, request(api).build(), BodyHandlers.ofString());
      assertThat(response.body()).isEqualTo(body);
      api.answerNext(refused(body));
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> published =
          way.call(http, request(api).build(), BodyHandlers.ofPublisher());
      HttpResponse.BodySubscriber<String> text = BodySubscribers.ofString(UTF_8);
      published.body().subscribe(text);
      assertThat(text.getBody().toCompletableFuture().get()).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBodyOverTheCapIsAnErrorRatherThanCutShort(Way way) throws Exception {
    server.answerAlways(downForLong());
    api.answerNext(refused("x".repeat(CAP + 1)));
    assertThatThrownBy(() -> way.call(http, request(api).build(), BodyHandlers.ofString()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("401")
        .hasMessageContaining("too large");
    api.answerNext(refused("x".repeat(CAP + 1)));
    HttpResponse<InputStream> response =
        way.call(http, request(api).build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(401);
    assertThatThrownBy(() -> response.body().readAllBytes()).isInstanceOf(IOException.class);
    assertThat(get(http, api).statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyOverTheCapDoesNotKeepARequestFromBeingHealed() throws Exception {
    api.answerNext(refused("x".repeat(CAP + 1)));
    assertThat(get(http, api).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatBreaksOffIsTheErrorItIs(Way way) {
    api.answerNext(Answer.resetInBody("{", 100));
    assertThatThrownBy(() -> way.call(http, request(api).build(), BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }
}
