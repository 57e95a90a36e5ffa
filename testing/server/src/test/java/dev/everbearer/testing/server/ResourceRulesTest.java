package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class ResourceRulesTest {

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private final SettableClock clock;

  ResourceRulesTest(ScriptedAuthorizationServer server, ScriptedApi api, SettableClock clock) {
    this.server = server;
    this.api = api;
    this.clock = clock;
  }

  @BeforeEach
  void register() {
    server.registerPublicClient("c");
    server.registerRedirectUris("c", CodeFlow.REDIRECT);
  }

  private String login(String... nameAndValue) throws IOException {
    CodeFlow flow = new CodeFlow(server, "c");
    for (int i = 0; i < nameAndValue.length; i += 2) {
      flow.with(nameAndValue[i], nameAndValue[i + 1]);
    }
    return string(flow.login(), "access_token");
  }

  private HttpResponse<String> get(String path, String token) throws IOException {
    return http.get(api.uri(path), "Authorization", "Bearer " + token);
  }

  private String challenge(HttpResponse<String> response) {
    return response.headers().firstValue("WWW-Authenticate").orElse("");
  }

  @Test
  void wantsAScope() throws IOException {
    api.rules("/write").requireScope("w", "x");

    HttpResponse<String> refused = get("/write", server.issueAccessToken("c", "w"));

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(challenge(refused))
        .isEqualTo("Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"w x\"");
    assertThat(get("/write", server.issueAccessToken("c", "x", "w")).statusCode()).isEqualTo(200);
    assertThat(get("/read", server.issueAccessToken("c")).statusCode()).isEqualTo(200);
  }

  @Test
  void wantsAStrongLogin() throws IOException {
    api.rules().requireAcr("gold", "platinum").requireMaxAge(Duration.ofSeconds(60));
    HttpResponse<String> refused = get("/", login("acr_values", "silver"));

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(challenge(refused))
        .isEqualTo(
            "Bearer realm=\"api\", error=\"insufficient_user_authentication\","
                + " acr_values=\"gold platinum\", max_age=\"60\"");
    assertThat(get("/", login()).statusCode()).isEqualTo(401);
    assertThat(get("/", server.issueAccessToken("c")).statusCode()).isEqualTo(401);
    assertThat(get("/", login("acr_values", "platinum")).statusCode()).isEqualTo(200);
  }

  @Test
  void wantsAYoungLogin() throws IOException {
    api.rules().requireMaxAge(Duration.ofSeconds(60));
    String token = login();

    clock.advance(Duration.ofSeconds(60));
    assertThat(get("/", token).statusCode()).isEqualTo(200);
    clock.advance(Duration.ofNanos(1));
    HttpResponse<String> refused = get("/", token);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(challenge(refused)).contains("max_age=\"60\"").doesNotContain("acr_values");
    api.rules().requireMaxAge(null);
    assertThat(get("/", token).statusCode()).isEqualTo(200);
  }

  @Test
  void wantsItsOwnTokens() throws IOException {
    api.rules().requireResource("https://api.example");

    assertThat(challenge(get("/", login("resource", "https://other.example"))))
        .contains("invalid_token");
    assertThat(challenge(get("/", login()))).contains("invalid_token");
    assertThat(get("/", login("resource", "https://api.example")).statusCode()).isEqualTo(200);
  }
}
