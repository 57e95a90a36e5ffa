package dev.everbearer.testing.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class ScriptedApiTest {

  private static final String AUTHORIZATION = "Authorization";
  private static final String CHALLENGE = "WWW-Authenticate";

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;

  ScriptedApiTest(ScriptedAuthorizationServer server, ScriptedApi api) {
    this.server = server;
    this.api = api;
  }

  private String bearer() {
    return "Bearer " + server.issueAccessToken("c");
  }

  @Test
  void letsGoodTokensIn() throws IOException {
    HttpResponse<String> response = http.get(api.uri("/a/b?c=d"), AUTHORIZATION, bearer());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"path\":\"/a/b\"}");
    assertThat(api.origin()).isNotEqualTo(server.origin());
    assertThat(api.requestCount()).isEqualTo(1);
    assertThat(server.requestCount()).isZero();
  }

  @Test
  void challengesWithoutAnErrorWhenNothingIsSent() throws IOException {
    HttpResponse<String> response = http.get(api.uri("/"));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue(CHALLENGE)).contains("Bearer realm=\"api\"");
  }

  @Test
  void challengesBadTokens() throws IOException {
    String revoked = server.issueAccessToken("c");
    server.revokeAccessToken(revoked);
    String refreshToken = server.issueRefreshToken("c");
    for (String bad :
        new String[] {"Bearer x", "Bearer " + revoked, "Bearer " + refreshToken, "Basic eDp5"}) {
      HttpResponse<String> response = http.get(api.uri("/"), AUTHORIZATION, bad);

      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.headers().firstValue(CHALLENGE))
          .contains("Bearer realm=\"api\", error=\"invalid_token\"");
    }
  }

  @Test
  void refusesTokensAnywhereElse() throws IOException {
    String token = server.issueAccessToken("c");

    assertThat(http.get(api.uri("/?access_token=" + token)).statusCode()).isEqualTo(400);
    assertThat(http.post(api.uri("/"), "a=b&access_token=" + token).statusCode()).isEqualTo(400);
    assertThat(
            http.get(api.uri("/?a=b&access_token=" + token), AUTHORIZATION, bearer()).statusCode())
        .isEqualTo(400);
    assertThat(
            http.get(api.uri("/"), AUTHORIZATION, bearer(), AUTHORIZATION, bearer()).statusCode())
        .isEqualTo(400);
  }

  @Test
  void isScriptedForAllPathsAndForSingleOnes() throws IOException {
    api.answerNext(Answer.status(429));
    api.script("/own").answerAlways(Answer.status(418));

    assertThat(http.get(api.uri("/own")).statusCode()).isEqualTo(418);
    assertThat(http.get(api.uri("/any")).statusCode()).isEqualTo(429);
    assertThat(http.get(api.uri("/any"), AUTHORIZATION, bearer()).statusCode()).isEqualTo(200);
  }

  @Test
  void opensWebSocketsForGoodTokens() throws Exception {
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header(AUTHORIZATION, bearer())
            .buildAsync(webSocketUri(), new WebSocket.Listener() {})
            .get(20, TimeUnit.SECONDS);

    socket.sendText("hello", true).get(20, TimeUnit.SECONDS);
    socket.abort();
    assertThat(api.requestCount()).isEqualTo(1);
  }

  @Test
  void refusesWebSocketsWithoutOne() {
    Assertions.assertThatThrownBy(
            () ->
                HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(webSocketUri(), new WebSocket.Listener() {})
                    .join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
  }

  private URI webSocketUri() {
    return URI.create(api.uri("/ws").toString().replaceFirst("^http", "ws"));
  }

  @Test
  void anOpenHostTakesAndRecordsEverything() throws IOException {
    try (ScriptedApi open = ScriptedApi.open()) {
      assertThat(http.get(open.uri("/?access_token=x"), AUTHORIZATION, "Bearer y").statusCode())
          .isEqualTo(200);
      assertThat(open.requests().get(0).header(AUTHORIZATION)).contains("Bearer y");
    }
  }
}
