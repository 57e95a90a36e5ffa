package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.basic;
import static dev.everbearer.testing.server.Http.encode;
import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class DeviceFlowTest {

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;

  DeviceFlowTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  @BeforeEach
  void register() {
    server.registerPublicClient("c");
  }

  private HttpResponse<String> start(String more) throws IOException {
    return http.post(server.endpoint("device_authorization_endpoint"), "client_id=c" + more);
  }

  private HttpResponse<String> poll(HttpResponse<String> started) throws IOException {
    return http.post(
        server.tokenEndpoint(),
        "client_id=c&grant_type="
            + encode(PendingLoginGrant.DEVICE_CODE)
            + "&device_code="
            + string(started, "device_code"));
  }

  private String pollError(HttpResponse<String> started) throws IOException {
    HttpResponse<String> response = poll(started);
    assertThat(response.statusCode()).isEqualTo(400);
    return string(response, "error");
  }

  @Test
  void waitsForThePerson() throws IOException {
    HttpResponse<String> started = start("&scope=openid+a");
    String userCode = string(started, "user_code");

    assertThat(started.statusCode()).isEqualTo(200);
    assertThat(started.body()).contains("\"expires_in\":600,\"interval\":5");
    assertThat(string(started, "verification_uri")).isEqualTo(server.uri("/device").toString());
    assertThat(userCode).matches("[A-Z]{4}-[A-Z]{4}");
    assertThat(server.device().userCodes()).containsExactly(userCode);
    assertThat(pollError(started)).isEqualTo("authorization_pending");

    server.device().approve(userCode);
    clock.advance(Duration.ofSeconds(5));
    HttpResponse<String> granted = poll(started);

    assertThat(string(granted, "scope")).isEqualTo("openid a");
    assertThat(granted.body()).contains("id_token", "refresh_token");
    assertThat(server.device().userCodes()).isEmpty();
    clock.advance(Duration.ofSeconds(5));
    assertThat(pollError(started)).isEqualTo("invalid_grant");
  }

  @Test
  void aBrowserAtTheCompleteUriSaysYes() throws IOException {
    HttpResponse<String> started = start("");
    URI complete = URI.create(string(started, "verification_uri_complete"));
    URI bare = URI.create(string(started, "verification_uri"));

    assertThat(new UserAgent().open(bare).body()).contains("Enter the code");
    assertThat(new UserAgent().open(URI.create(bare + "?user_code=X")).statusCode()).isEqualTo(400);
    assertThat(new UserAgent().open(complete).statusCode()).isEqualTo(200);
    assertThat(poll(started).statusCode()).isEqualTo(200);
  }

  @Test
  void hurryingMakesItSlower() throws IOException {
    server.device().interval(Duration.ofSeconds(7));
    HttpResponse<String> started = start("");
    assertThat(started.body()).contains("\"interval\":7");
    assertThat(pollError(started)).isEqualTo("authorization_pending");

    clock.advance(Duration.ofSeconds(7).minusNanos(1));
    assertThat(pollError(started)).isEqualTo("slow_down");
    clock.advance(Duration.ofSeconds(12).minusNanos(1));
    assertThat(pollError(started)).isEqualTo("slow_down");
    clock.advance(Duration.ofSeconds(17));
    assertThat(pollError(started)).isEqualTo("authorization_pending");
  }

  @Test
  void pollsAreAnsweredAsScripted() throws IOException {
    server.device().answerPolls("authorization_pending", "slow_down", "server_error");
    HttpResponse<String> started = start("");
    server.device().approve(string(started, "user_code"));

    assertThat(pollError(started)).isEqualTo("authorization_pending");
    clock.advance(Duration.ofSeconds(5));
    assertThat(pollError(started)).isEqualTo("slow_down");
    clock.advance(Duration.ofSeconds(10));
    assertThat(pollError(started)).isEqualTo("server_error");
    clock.advance(Duration.ofSeconds(10));
    assertThat(poll(started).statusCode()).isEqualTo(200);
  }

  @Test
  void thePersonSaysNo() throws IOException {
    HttpResponse<String> started = start("");
    server.device().deny(string(started, "user_code"));
    assertThat(pollError(started)).isEqualTo("access_denied");
    assertThatThrownBy(() -> server.device().approve("unknown"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void codesExpire() throws IOException {
    server.device().lifetime(Duration.ofSeconds(60));
    HttpResponse<String> started = start("");
    server.device().approve(string(started, "user_code"));
    clock.advance(Duration.ofSeconds(60));
    assertThat(pollError(started)).isEqualTo("expired_token");
  }

  @Test
  void membersAreLeftOutAsWanted() throws IOException {
    server.alterAnswers(
        "device_authorization_endpoint",
        document -> {
          document.remove("interval");
          document.put("expires_in", 7);
          return document;
        });
    assertThat(start("").body()).contains("\"expires_in\":7").doesNotContain("interval");
  }

  @Test
  void confidentialClientsProveWhoTheyAre() throws IOException {
    server.registerClient("s", "s");
    URI endpoint = server.endpoint("device_authorization_endpoint");
    assertThat(http.post(endpoint, "client_id=s").statusCode()).isEqualTo(401);
    HttpResponse<String> started = http.post(endpoint, "scope=a", "Authorization", basic("s", "s"));
    assertThat(started.statusCode()).isEqualTo(200);
    assertThat(pollError(started)).isEqualTo("invalid_grant");
  }
}
