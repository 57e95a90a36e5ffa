package dev.everbearer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.CapturedLogs;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The log of what travels holds names and sizes, and of credentials nothing. */
@Spec("SE-04")
@ExtendWith(ScriptedServers.class)
class WireLogTest {

  private static final List<String> SECRET_FIELDS =
      List.of(
          "client_secret",
          "code",
          "code_verifier",
          "access_token",
          "refresh_token",
          "id_token",
          "subject_token",
          "assertion",
          "client_assertion",
          "device_code",
          "auth_req_id");

  private static final List<String> SECRET_REQUEST_HEADERS =
      List.of(
          "Authorization",
          "Proxy-Authorization",
          "DPoP",
          "Cookie",
          "OAuth-Client-Attestation",
          "OAuth-Client-Attestation-PoP",
          "X-Api-Key",
          "X-Auth-Token",
          "X-Signature");

  @Test
  void canariesInEveryPlaceStayOutOfTheLogAndTheRestIsThere(ScriptedAuthorizationServer server)
      throws Exception {
    FormBody form = new FormBody().add("grant_type", "client_credentials");
    SECRET_FIELDS.forEach(name -> form.add(name, "Canary-" + name));
    Map<String, String> headers = new HashMap<>(Map.of("X-Trace", "shown-in-log"));
    SECRET_REQUEST_HEADERS.forEach(name -> headers.put(name, "Canary " + name));
    server
        .script("/callback")
        .answerAlways(
            Answer.json(200, "{\"access_token\":\"Canary-body\"}")
                .header("Set-Cookie", "sid=Canary-cookie")
                .header("Location", "https://h/?code=Canary-code")
                .header("DPoP-Nonce", "Canary-nonce")
                .header("X-Answer", "answer-in-log"));

    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.wire");
        JdkTransport transport =
            JdkTransport.making(HttpClient::newHttpClient, r -> {}, InstantSource.system())) {
      var call =
          new Transport.Call(
              server.uri("/callback?code=Canary-query&state=Canary-state"),
              headers,
              form,
              10_000,
              Duration.ofSeconds(10),
              false,
              null);
      transport.exchange(call);

      List<String> lines = logs.messages(Level.ALL);
      assertThat(lines).hasSize(2);
      assertThat(lines.get(0))
          .contains("POST", "/callback", "X-Trace=shown-in-log", "Authorization=***", "DPoP=***")
          .contains(SECRET_FIELDS);
      assertThat(lines.get(1))
          .containsIgnoringCase("answer-in-log")
          .containsIgnoringCase("set-cookie=***")
          .contains("200", "bytes");
      assertThat(logs.everything().toString() + call).doesNotContain("Canary");
    }
    assertThat(server.requests().get(0).bodyText()).contains("Canary-client_secret");
  }
}
