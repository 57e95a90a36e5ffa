package dev.everbearer.okhttp;

import static dev.everbearer.okhttp.Enqueueing.enqueued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.http.OAuthIOException;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.token.OAuthErrorException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One call: its errors, its body, its thread, and the handshake of a web socket. */
class CallTest extends OkHttpScene {

  private static final Duration SOON = Duration.ofSeconds(20);

  // ---- errors and threads

  @Test
  @Spec("BR-10")
  void whenNoTokenCanBeHadTheCauseSaysWhyAndNothingIsSent() {
    server.answerAlways(Answer.json(401, "{\"error\":\"invalid_client\"}"));
    assertThatThrownBy(() -> status(http, request("/")))
        .isInstanceOf(OAuthIOException.class)
        .hasCauseInstanceOf(OAuthErrorException.class);
    assertThatThrownBy(() -> enqueued(http.newCall(request("/").build())).get())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(OAuthIOException.class);
    assertThat(api.requests()).isEmpty();
  }

  @Test
  void anErrorOfTheDecisionReachesAnEnqueuedCall() {
    assertThatThrownBy(() -> enqueued(http.newCall(request(foreign, "/").build())).get())
        .cause()
        .isInstanceOf(OAuthIOException.class)
        .hasMessageContaining("bind(");
  }

  @Test
  void anInterruptEndsTheWaitForATokenAndKeepsItsFlag() throws Exception {
    server.answerNext(Answer.hang());
    FutureTask<Boolean> waiting =
        new FutureTask<>(
            () -> {
              assertThatThrownBy(() -> status(http, request("/")))
                  .isInstanceOf(InterruptedIOException.class);
              return Thread.currentThread().isInterrupted();
            });
    Thread thread = new Thread(waiting);
    thread.start();
    server.awaitHung(1, SOON);
    thread.interrupt();
    assertThat(waiting.get()).isTrue();
    assertThat(api.requests()).isEmpty();
  }

  @Test
  @Spec("LC-36")
  void anInterruptWhileTheSuccessorIsAwaitedLeavesNoConnectionBehind() throws Exception {
    assertThat(status(http, request("/"))).isEqualTo(200);
    server.answerNext(Answer.hang());
    api.answerNext(
        Answer.text(401, "text/plain", "no".repeat(2000))
            .header("WWW-Authenticate", "Bearer error=\"invalid_token\""));
    FutureTask<Integer> waiting = new FutureTask<>(() -> status(http, request("/")));
    Thread thread = new Thread(waiting);
    thread.start();
    server.awaitHung(1, SOON);
    thread.interrupt();
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(InterruptedIOException.class);
    assertThat(plain.connectionPool().connectionCount())
        .isEqualTo(plain.connectionPool().idleConnectionCount());
    assertThat(api.requests()).hasSize(2);
  }

  @Test
  @Spec("LC-15")
  void manyEnqueuedCallsWithoutATokenCauseOneTokenRequest() throws Exception {
    plain.dispatcher().setMaxRequestsPerHost(20);
    server.answerNext(Answer.healthy().held());
    List<CompletableFuture<Response>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(enqueued(http.newCall(request("/" + i).build())));
    }
    server.awaitHung(1, SOON);
    server.releaseHung();
    for (CompletableFuture<Response> call : calls) {
      try (Response response = call.get()) {
        assertThat(response.code()).isEqualTo(200);
      }
    }
    assertThat(server.tokenRequests()).hasSize(1);
  }

  // ---- bodies

  private int post(OkHttpClient to, RequestBody body) throws IOException {
    return status(to, request("/orders").post(body));
  }

  @Test
  @Spec({"LC-40", "LC-44"})
  void aBodyThatSaysThatItCanBeWrittenAgainIsWrittenAgain() throws IOException {
    assertThat(status(http, request("/"))).isEqualTo(200);
    server.revokeAllAccessTokens();
    int[] written = {0};
    RequestBody counting =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return MediaType.get("text/plain");
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            written[0]++;
            sink.writeUtf8("one order");
          }
        };
    assertThat(post(http, counting)).isEqualTo(200);
    assertThat(written[0]).isEqualTo(2);
    List<RecordedRequest> sent = api.requests();
    assertThat(sent.get(1).bodyText()).isEqualTo("one order");
    assertThat(sent.get(2).bodyText()).isEqualTo("one order");
    assertThat(sent.get(2).headers("Content-Type")).containsExactly("text/plain");
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 10_000})
  @Spec("LC-42")
  void bufferingMakesAOneShotBodyRepeatableUpToItsSize(int size) throws IOException {
    String text = "x".repeat(size);
    OAuthInterceptor interceptor = OAuthInterceptor.of(bound().build());
    OkHttpClient enough = interceptor.bufferBodies(size).over(plain);
    OkHttpClient tooLittle = interceptor.bufferBodies(size - 1).over(plain);
    assertThat(status(http, request("/"))).isEqualTo(200);
    server.revokeAllAccessTokens();
    assertThat(post(enough, new OkHttpSender.OneShot(text))).isEqualTo(200);
    assertThat(api.requests()).hasSize(3);
    assertThat(api.requests().get(2).bodyText()).isEqualTo(text);
    api.answerNext(invalidToken());
    assertThat(post(tooLittle, new OkHttpSender.OneShot(text))).isEqualTo(401);
    assertThat(api.requests()).as("sent once").hasSize(4);
  }

  @Test
  @Spec("LC-42")
  void aBodyThatIsKnownToBeTooLargeIsNotKept() throws IOException {
    RequestBody large =
        new BufferingBody(
            new OkHttpSender.OneShot("x") {
              @Override
              public long contentLength() {
                return 11;
              }
            },
            10);
    assertThat(large.isOneShot()).isTrue();
    assertThat(large.contentLength()).isEqualTo(11);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OAuthInterceptor.of(bound().build()).bufferBodies(-1));
  }

  @Test
  @Spec("DP-04")
  void whenOkHttpSendsAProofTwiceAfterABrokenConnectionANewOneIsTriedOnce() throws IOException {
    api.dpop().require(true);
    try (OAuthClient owner = builder().dpop().build()) {
      OkHttpClient proving =
          OAuthInterceptor.of(owner.authorizer().bind(GRANT, api.origin().toString()).build())
              .over(plain);
      assertThat(status(proving, request("/first"))).isEqualTo(200);
      api.answerNext(Answer.healthy().sentAs(Answer.closeBeforeAnswer()));
      assertThat(post(proving, RequestBody.create("one order", null))).isEqualTo(200);
    }
    List<RecordedRequest> orders = api.requests().subList(1, api.requestCount());
    assertThat(orders).hasSize(3);
    assertThat(orders.get(1).header("DPoP")).isEqualTo(orders.get(0).header("DPoP"));
    assertThat(orders.get(2).header("DPoP")).isNotEqualTo(orders.get(0).header("DPoP"));
    assertThat(server.tokenRequests()).hasSize(1);
  }

  // ---- web sockets

  private CompletableFuture<Integer> handshake() {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Request request =
        new Request.Builder().url(api.uri("/ws").toString().replace("http:", "ws:")).build();
    http.newWebSocket(
        request,
        new WebSocketListener() {
          @Override
          public void onOpen(WebSocket socket, Response response) {
            status.complete(response.code());
            socket.cancel();
          }

          @Override
          public void onFailure(WebSocket socket, Throwable error, Response response) {
            if (response == null) {
              status.completeExceptionally(error);
            } else {
              status.complete(response.code());
            }
          }
        });
    return status;
  }

  @Test
  @Spec({"LC-50", "LC-30"})
  void aHandshakeCarriesTheTokenAndIsHealedOnce() throws Exception {
    assertThat(handshake().get()).isEqualTo(101);
    server.revokeAllAccessTokens();
    assertThat(handshake().get()).isEqualTo(101);
    assertThat(api.requests()).hasSize(3).allMatch(sent -> sent.header("Upgrade").isPresent());
    assertThat(server.tokenRequests()).hasSize(2);
    api.answerNext(invalidToken(), invalidToken());
    assertThat(handshake().get()).isEqualTo(401);
  }
}
