package dev.everbearer.okhttp;

import static dev.everbearer.okhttp.Enqueueing.enqueued;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.http.OAuthIOException;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.token.OAuthErrorException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import retrofit2.Retrofit;
import retrofit2.http.GET;
import retrofit2.http.Path;

/** One call: its errors, its thread, its URL, and the handshake of a web socket. */
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

  @Test
  @Spec("LC-15")
  void enqueuedCallsWithoutATokenHoldTheirThreadsForTheWaitAndNoLonger() throws Exception {
    server.answerAlways(Answer.hang());
    CountDownLatch idle = new CountDownLatch(1);
    plain.dispatcher().setIdleCallback(idle::countDown);
    OkHttpClient patient =
        OAuthInterceptor.of(bound().maxWait(Duration.ofMillis(300)).build()).over(plain);
    CompletableFuture<Response> first = enqueued(patient.newCall(request("/a").build()));
    CompletableFuture<Response> second = enqueued(patient.newCall(request("/b").build()));
    server.awaitHung(1, SOON);
    assertThat(plain.dispatcher().runningCallsCount()).isEqualTo(2);
    for (CompletableFuture<Response> each : List.of(first, second)) {
      assertThatThrownBy(each::get).hasCauseInstanceOf(SocketTimeoutException.class);
    }
    assertThat(idle.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(plain.dispatcher().runningCallsCount()).isZero();
    assertThat(api.requests()).isEmpty();
  }

  @Test
  @Spec("DP-03")
  void aUrlThatIsNoUriHasAProofThatFits() throws IOException {
    api.dpop().require(true);
    String lenient = "/a|b/%7C%20%C3%BC;x=[1]";
    try (OAuthClient owner = builder().dpop().build()) {
      OkHttpClient proving =
          OAuthInterceptor.of(owner.authorizer().bind(GRANT, api.origin().toString()).build())
              .over(plain);
      Request request = new Request.Builder().url(api.origin() + lenient + "?q={1}|2").build();
      assertThat(status(proving, request.newBuilder())).isEqualTo(200);
      assertThat(api.requests().get(0).target()).isEqualTo("/a%7Cb/%7C%20%C3%BC;x=%5B1%5D?q={1}|2");
    }
  }

  @Test
  void retrofitCallsWithATokenThatIsRenewed() throws IOException {
    Users users =
        new Retrofit.Builder()
            .baseUrl(api.origin().toString())
            .client(http)
            .build()
            .create(Users.class);
    assertThat(users.user("alice").execute().body().string()).contains("/users/alice");
    server.revokeAllAccessTokens();
    assertThat(users.user("bob").execute().code()).isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(2);
  }

  /** An API as Retrofit wants it. */
  interface Users {

    @GET("/users/{name}")
    retrofit2.Call<ResponseBody> user(@Path("name") String name);
  }

  // ---- web sockets

  private int handshake() throws Exception {
    String url = api.uri("/ws").toString().replace("http:", "ws:");
    return Handshake.at(http, new Request.Builder().url(url)).status();
  }

  @Test
  @Spec({"LC-50", "LC-30"})
  void aHandshakeCarriesTheTokenAndIsHealedOnce() throws Exception {
    assertThat(handshake()).isEqualTo(101);
    server.revokeAllAccessTokens();
    assertThat(handshake()).isEqualTo(101);
    assertThat(api.requests()).hasSize(3).allMatch(sent -> sent.header("Upgrade").isPresent());
    assertThat(server.tokenRequests()).hasSize(2);
    api.answerNext(invalidToken(), invalidToken());
    assertThat(handshake()).isEqualTo(401);
  }
}
