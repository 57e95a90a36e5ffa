package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.encode;
import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(ScriptedServers.class)
class CibaTest {

  private static final String AUTHENTICATED = "client_id=c&client_secret=s";
  private static final String NOTIFICATION_TOKEN = "a-notification-token-of-the-client";

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;

  CibaTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  @BeforeEach
  void register() {
    server.registerClient("c", "s");
  }

  private HttpResponse<String> start(String parameters) throws IOException {
    return http.post(
        server.endpoint("backchannel_authentication_endpoint"), AUTHENTICATED + parameters);
  }

  private HttpResponse<String> start() throws IOException {
    return start("&scope=openid&login_hint=alice");
  }

  private HttpResponse<String> poll(HttpResponse<String> started) throws IOException {
    return http.post(
        server.tokenEndpoint(),
        AUTHENTICATED
            + "&grant_type="
            + encode(PendingLoginGrant.CIBA)
            + "&auth_req_id="
            + string(started, "auth_req_id"));
  }

  @Test
  void waitsForThePerson() throws IOException {
    HttpResponse<String> started = start();
    String id = string(started, "auth_req_id");

    assertThat(started.body()).contains("\"expires_in\":120,\"interval\":5");
    assertThat(server.ciba().authReqIds()).containsExactly(id);
    assertThat(string(poll(started), "error")).isEqualTo("authorization_pending");
    assertThat(string(poll(started), "error")).isEqualTo("slow_down");
    server.ciba().approve(id);
    clock.advance(Duration.ofSeconds(10));
    assertThat(poll(started).body()).contains("access_token", "id_token");
  }

  @Test
  void expiresAsTheClientWishes() throws IOException {
    HttpResponse<String> started = start("&scope=openid&login_hint=a&requested_expiry=7");
    assertThat(started.body()).contains("\"expires_in\":7");
    clock.advance(Duration.ofSeconds(7));
    assertThat(string(poll(started), "error")).isEqualTo("expired_token");
  }

  @ParameterizedTest
  @CsvSource({
    "'&scope=openid', invalid_request",
    "'&scope=openid&login_hint=a&id_token_hint=b', invalid_request",
    "'&login_hint=a', invalid_scope",
    "'&scope=openid&login_hint=a&requested_expiry=0', invalid_request",
    "'&scope=openid&login_hint=a&requested_expiry=x', invalid_request",
  })
  void refuses(String parameters, String error) throws IOException {
    assertThat(string(start(parameters), "error")).isEqualTo(error);
  }

  @Test
  void wantsAClientThatProvesWhoItIs() throws IOException {
    server.registerPublicClient("p");
    assertThat(
            http.post(
                    server.endpoint("backchannel_authentication_endpoint"),
                    "client_id=p&scope=openid&login_hint=a")
                .body())
        .contains("unauthorized_client");
  }

  @Test
  void endsAsScripted() throws IOException {
    server.ciba().answerPolls("authorization_pending", "slow_down");
    HttpResponse<String> started = start();
    server.ciba().fail(string(started, "auth_req_id"), "transaction_failed");

    assertThat(string(poll(started), "error")).isEqualTo("authorization_pending");
    clock.advance(Duration.ofSeconds(5));
    assertThat(string(poll(started), "error")).isEqualTo("slow_down");
    clock.advance(Duration.ofSeconds(10));
    assertThat(string(poll(started), "error")).isEqualTo("transaction_failed");
    HttpResponse<String> denied = start();
    server.ciba().deny(string(denied, "auth_req_id"));
    assertThat(string(poll(denied), "error")).isEqualTo("authorization_pending");
    clock.advance(Duration.ofSeconds(5));
    assertThat(string(poll(denied), "error")).isEqualTo("slow_down");
    clock.advance(Duration.ofSeconds(10));
    assertThat(string(poll(denied), "error")).isEqualTo("access_denied");
    assertThatThrownBy(() -> server.ciba().approve("unknown"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pingsTheClient() throws IOException {
    try (ScriptedApi client = ScriptedApi.open()) {
      server.clientMetadata(
          "c",
          Map.of(
              "backchannel_token_delivery_mode",
              "ping",
              "backchannel_client_notification_endpoint",
              client.uri("/ping").toString()));
      client.answerAlways(Answer.status(204));
      HttpResponse<String> started =
          start("&scope=openid&login_hint=a&client_notification_token=" + NOTIFICATION_TOKEN);
      String id = string(started, "auth_req_id");

      server.ciba().approve(id);

      RecordedRequest ping = client.requests().get(0);
      assertThat(ping.method()).isEqualTo("POST");
      assertThat(ping.header("Authorization")).contains("Bearer " + NOTIFICATION_TOKEN);
      assertThat(ping.bodyText()).isEqualTo("{\"auth_req_id\":\"" + id + "\"}");
      assertThat(server.ciba().ping(id)).isEqualTo(204);
      assertThat(server.ciba().notify(client.uri("/ping"), "forged", "x")).isEqualTo(204);
      assertThat(poll(started).statusCode()).isEqualTo(200);

      server.ciba().pingOnDecision(false);
      client.clearRequests();
      server
          .ciba()
          .approve(
              string(
                  start(
                      "&scope=openid&login_hint=a&client_notification_token=" + NOTIFICATION_TOKEN),
                  "auth_req_id"));
      assertThat(client.requestCount()).isZero();
      assertThat(start().body()).contains("missing: client_notification_token");
      assertThat(start("&scope=openid&login_hint=a&client_notification_token=short").body())
          .contains("wrong length");
    }
  }
}
