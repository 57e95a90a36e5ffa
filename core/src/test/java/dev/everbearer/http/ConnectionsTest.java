package dev.everbearer.http;

import static dev.everbearer.http.Scene.get;
import static dev.everbearer.http.Scene.http;
import static dev.everbearer.http.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Refusals leave no connection behind. */
@ExtendWith(ScriptedServers.class)
class ConnectionsTest {

  private static Answer refusal(int bodyBytes) {
    return Answer.bytes(401, "text/plain", new byte[bodyBytes])
        .header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  }

  @Test
  @Spec("LC-36")
  void aThousandRefusalsLeaveTheConnectionsStable(
      SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    try (OAuthClient client = Scene.client(server, clock).build()) {
      HttpClient http = http(client, api);
      get(http, api);
      for (int i = 0; i < 1000; i++) {
        clock.advance(Duration.ofSeconds(21));
        api.answerNext(refusal(3000));
        var response =
            i % 2 == 0
                ? get(http, api)
                : http.sendAsync(request(api).build(), BodyHandlers.ofString()).get();
        assertThat(response.statusCode()).isEqualTo(200);
      }
      assertThat(api.requestCount()).isEqualTo(2001);
      assertThat(api.openConnections()).isLessThanOrEqualTo(2);
      assertThat(api.totalConnections()).as("bodies are drained").isLessThanOrEqualTo(4);
    }
  }

  @Test
  @Spec("LC-36")
  void aBodyTooLargeToDrainEndsItsConnectionAndNoMore(
      SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) throws Exception {
    try (OAuthClient client = Scene.client(server, clock).build()) {
      HttpClient http = http(client, api);
      get(http, api);
      for (int i = 0; i < 20; i++) {
        clock.advance(Duration.ofSeconds(21));
        api.answerNext(refusal(1_000_000));
        assertThat(get(http, api).statusCode()).isEqualTo(200);
      }
      api.awaitEndedConnections(20, Duration.ofSeconds(10));
      assertThat(api.openConnections()).isLessThanOrEqualTo(1);
    }
  }
}
