package dev.everbearer.http;

import static dev.everbearer.http.Scene.downForLong;
import static dev.everbearer.http.Scene.get;
import static dev.everbearer.http.Scene.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.UnboundOriginException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The opening handshake of a WebSocket is a request like any other. */
@Timeout(30)
@ExtendWith(ScriptedServers.class)
class WebSocketTest {

  private static final WebSocket.Listener LISTENER = new WebSocket.Listener() {};

  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private OAuthClient client;
  private HttpClient http;

  WebSocketTest(ScriptedAuthorizationServer server, ScriptedApi api) {
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

  private static URI ws(ScriptedApi api) {
    return URI.create(api.uri("/ws").toString().replace("http:", "ws:"));
  }

  private static WebSocket connect(WebSocket.Builder builder, ScriptedApi api) throws Exception {
    return Way.get(builder.buildAsync(ws(api), LISTENER));
  }

  @Test
  @Spec("LC-50")
  void theHandshakeCarriesTheTokenOfTheHttpOrigin() throws Exception {
    WebSocket.Builder builder =
        http.newWebSocketBuilder()
            .header("X-Mine", "1")
            .subprotocols("best", "good", "fair")
            .connectTimeout(Duration.ofSeconds(10));
    api.answerNext(
        Answer.computedFrom(
            sent ->
                sent.header("Sec-WebSocket-Protocol").isPresent()
                    ? Answer.status(400)
                    : Answer.healthy()));
    assertThatThrownBy(() -> connect(builder, api)).isInstanceOf(WebSocketHandshakeException.class);
    assertThat(api.requests().get(0).header("Sec-WebSocket-Protocol"))
        .hasValueSatisfying(value -> assertThat(value).contains("best", "good", "fair"));
    assertThat(api.requests().get(0).header("X-Mine")).contains("1");
    assertThat(api.requests().get(0).header("Authorization")).isPresent();
    connect(http.newWebSocketBuilder(), api).abort();
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("LC-30")
  void aRefusedHandshakeIsHealedOnce() throws Exception {
    get(http, api);
    server.revokeAllAccessTokens();
    WebSocket.Builder builder = http.newWebSocketBuilder().header("X-Mine", "1");
    connect(builder, api).abort();
    assertThat(api.requests())
        .hasSize(3)
        .filteredOn(sent -> sent.path().equals("/ws"))
        .hasSize(2)
        .allMatch(sent -> sent.header("X-Mine").isPresent());

    api.clearRequests();
    api.answerAlways(Scene.invalidToken());
    assertThatThrownBy(() -> connect(builder, api))
        .isInstanceOf(WebSocketHandshakeException.class)
        .satisfies(
            error ->
                assertThat(((WebSocketHandshakeException) error).getResponse().statusCode())
                    .isEqualTo(401));
    assertThat(api.requestCount()).isEqualTo(2);
  }

  @Test
  void whenNoTokenCanBeHadNothingIsSent() {
    server.answerAlways(downForLong());
    assertThatThrownBy(() -> connect(http.newWebSocketBuilder(), api))
        .isInstanceOf(OAuthIOException.class);
    assertThat(api.requestCount()).isZero();
  }

  @Test
  void whenNoSuccessorCanBeHadTheRefusalReachesTheCaller() throws Exception {
    get(http, api);
    server.answerAlways(downForLong());
    api.answerNext(Scene.invalidToken());
    assertThatThrownBy(() -> connect(http.newWebSocketBuilder(), api))
        .isInstanceOf(WebSocketHandshakeException.class);
  }

  @Test
  void itsConnectTimeoutCoversTheWaitForAToken() {
    server.answerAlways(Answer.hang());
    WebSocket.Builder hasty = http.newWebSocketBuilder().connectTimeout(Duration.ofMillis(300));
    assertThatThrownBy(() -> connect(hasty, api)).isInstanceOf(HttpTimeoutException.class);
    assertThat(api.requestCount()).isZero();
  }

  @Test
  @Spec("LC-50")
  void unboundOriginsAndOwnHeadersAreTreatedAsElsewhere() throws Exception {
    try (ScriptedApi other = ScriptedApi.protectedBy(server)) {
      assertThatThrownBy(() -> connect(http.newWebSocketBuilder(), other))
          .isInstanceOf(OAuthIOException.class)
          .hasCauseInstanceOf(UnboundOriginException.class);
      assertThat(other.requestCount()).isZero();
    }
    assertThatThrownBy(
            () -> connect(http.newWebSocketBuilder().header("authorization", "Bearer mine"), api))
        .isInstanceOf(WebSocketHandshakeException.class);
    assertThat(api.requests())
        .singleElement()
        .matches(sent -> sent.headers("Authorization").equals(List.of("Bearer mine")));
    assertThat(server.requestCount()).isZero();
  }
}
