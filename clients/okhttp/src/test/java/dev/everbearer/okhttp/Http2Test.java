package dev.everbearer.okhttp;

import static dev.everbearer.okhttp.Enqueueing.enqueued;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same over HTTP/2, whose requests share one connection. */
class Http2Test extends OkHttpScene {

  private static final List<Protocol> HTTP_2 = List.of(Protocol.H2_PRIOR_KNOWLEDGE);
  private static final int REFUSED_STREAM = 7;

  private final MockWebServer h2 = new MockWebServer();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final Queue<MockResponse> beginnings = new ConcurrentLinkedQueue<>();
  private final List<RecordedRequest> sent = new CopyOnWriteArrayList<>();
  private OkHttpClient multiplexed;

  @BeforeEach
  void startApi() throws IOException {
    h2.setProtocols(HTTP_2);
    h2.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            sent.add(request);
            return answer(request);
          }

          /** Asked before each request; taken here, for the client may be back before the other. */
          @Override
          public MockResponse peek() {
            MockResponse beginning = beginnings.poll();
            return beginning == null ? super.peek() : beginning;
          }
        });
    h2.start();
    multiplexed =
        OAuthInterceptor.of(client.authorizer().bind(GRANT, origin()).build())
            .over(plain.newBuilder().protocols(HTTP_2).build());
  }

  @AfterEach
  void stopApi() {
    h2.close();
  }

  private String origin() {
    String url = h2.url("/").toString();
    return url.substring(0, url.length() - 1);
  }

  private MockResponse answer(RecordedRequest request) {
    String token = request.getHeaders().get("Authorization");
    return token != null && token.startsWith("Bearer ") && !ended.contains(token)
        ? new MockResponse.Builder().body("ok").build()
        : new MockResponse.Builder()
            .code(401)
            .addHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
            .body("no")
            .build();
  }

  private Request.Builder to(String path) {
    return new Request.Builder().url(h2.url(path));
  }

  private String token(int request) {
    return sent.get(request).getHeaders().get("Authorization");
  }

  @Test
  @Spec("BR-01")
  void aRequestCarriesTheToken() throws IOException {
    try (Response response = multiplexed.newCall(to("/").build()).execute()) {
      assertThat(response.protocol()).isEqualTo(Protocol.H2_PRIOR_KNOWLEDGE);
      assertThat(response.code()).isEqualTo(200);
      assertThat(response.request().header("Authorization")).isNull();
    }
    assertThat(token(0)).startsWith("Bearer ");
  }

  @Test
  @Spec({"LC-30", "LC-40"})
  void aRefusedTokenIsRenewedAndTheBodySentAgainOnTheSameConnection() throws IOException {
    assertThat(status(multiplexed, to("/"))).isEqualTo(200);
    ended.add(token(0));
    RequestBody order = RequestBody.create("one order", null);
    assertThat(status(multiplexed, to("/orders").post(order))).isEqualTo(200);
    assertThat(sent).hasSize(3);
    assertThat(sent).extracting(RecordedRequest::getConnectionIndex).containsOnly(0);
    assertThat(sent.subList(1, 3))
        .allMatch(each -> each.getBody() != null && each.getBody().utf8().equals("one order"));
    assertThat(token(1)).isEqualTo(token(0));
    assertThat(token(2)).startsWith("Bearer ").isNotEqualTo(token(0));
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  @Spec("LC-42")
  void aOneShotBodyIsNotSentAgainAndTheConnectionGoesOn() throws IOException {
    assertThat(status(multiplexed, to("/"))).isEqualTo(200);
    ended.add(token(0));
    assertThat(status(multiplexed, to("/").post(new OkHttpSender.OneShot("once")))).isEqualTo(401);
    assertThat(sent).hasSize(2);
    assertThat(status(multiplexed, to("/"))).isEqualTo(200);
    assertThat(sent).extracting(RecordedRequest::getConnectionIndex).containsOnly(0);
  }

  @Test
  @Spec({"LC-15", "LC-30"})
  void manyStreamsWhoseTokenIsRefusedCauseOneRenewal() throws Exception {
    plain.dispatcher().setMaxRequestsPerHost(20);
    assertThat(status(multiplexed, to("/"))).isEqualTo(200);
    ended.add(token(0));
    List<CompletableFuture<Response>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(enqueued(multiplexed.newCall(to("/" + i).build())));
    }
    for (CompletableFuture<Response> call : calls) {
      try (Response response = call.get()) {
        assertThat(response.code()).isEqualTo(200);
      }
    }
    assertThat(server.tokenRequests()).hasSize(2);
    assertThat(sent).extracting(RecordedRequest::getConnectionIndex).containsOnly(0);
  }

  @Test
  void aStreamThatTheServerRefusesIsSentAgainWithTheSameToken() throws IOException {
    assertThat(status(multiplexed, to("/"))).isEqualTo(200);
    beginnings.add(
        new MockResponse.Builder()
            .onRequestStart(new SocketEffect.CloseStream(REFUSED_STREAM))
            .build());
    assertThat(status(multiplexed, to("/again"))).isEqualTo(200);
    assertThat(beginnings).as("it was refused").isEmpty();
    // Of a stream that it refuses the server notes that there was one, sooner or later.
    assertThat(sent)
        .extracting(each -> each.getHeaders().get("Authorization"))
        .filteredOn(Objects::nonNull)
        .containsExactly(token(0), token(0));
    assertThat(server.tokenRequests()).hasSize(1);
  }
}
