package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.basic;
import static dev.everbearer.testing.server.Http.encode;
import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(ScriptedServers.class)
class PushedAuthorizationTest {

  private static final String[] BASIC = {"Authorization", basic("c", "s")};

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;

  PushedAuthorizationTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  @BeforeEach
  void register() {
    server.registerClient("c", "s");
    server.registerRedirectUris("c", CodeFlow.REDIRECT);
  }

  private CodeFlow flow() {
    return new CodeFlow(server, "c");
  }

  private HttpResponse<String> push(CodeFlow flow, String... headers) throws IOException {
    return http.post(
        server.endpoint("pushed_authorization_request_endpoint"), flow.form(), headers);
  }

  private URI authorize(String requestUri, String clientId) {
    return URI.create(
        server.endpoint("authorization_endpoint")
            + "?client_id="
            + clientId
            + "&request_uri="
            + encode(requestUri));
  }

  @Test
  void aPushedRequestIsUsedOnce() throws IOException {
    HttpResponse<String> pushed = push(flow(), BASIC);
    String requestUri = string(pushed, "request_uri");

    assertThat(pushed.statusCode()).isEqualTo(201);
    assertThat(pushed.body()).contains("\"expires_in\":90");
    assertThat(requestUri).startsWith("urn:ietf:params:oauth:request_uri:");
    assertThat(http.get(authorize(requestUri, "c")).headers().firstValue("Location").orElse(""))
        .startsWith(CodeFlow.REDIRECT + "?code=")
        .contains("state=state+1%262");
    assertThat(http.get(authorize(requestUri, "c")).body()).contains("used before");
  }

  @Test
  void theSecretInTheBodyIsNoPartOfTheRequest() throws IOException {
    assertThat(push(flow().with("client_secret", "s")).statusCode()).isEqualTo(201);
  }

  @Test
  void aPushedRequestExpires(SettableClock clock) throws IOException {
    server.authorization().requestUriLifetime(Duration.ofSeconds(5));
    String requestUri = string(push(flow(), BASIC), "request_uri");

    clock.advance(Duration.ofSeconds(5));

    assertThat(http.get(authorize(requestUri, "c")).body()).contains("expired");
  }

  @Test
  void aRequestUriBelongsToItsClientAndStandsAlone() throws IOException {
    server.registerPublicClient("d");
    assertThat(http.get(authorize(string(push(flow(), BASIC), "request_uri"), "d")).statusCode())
        .isEqualTo(400);
    URI more = URI.create(authorize(string(push(flow(), BASIC), "request_uri"), "c") + "&state=x");
    assertThat(http.get(more).body()).contains("only client_id");
  }

  @Test
  void theClientMustProveWhoItIs() throws IOException {
    assertThat(push(flow()).statusCode()).isEqualTo(401);
    assertThat(push(flow(), "Authorization", basic("c", "x")).statusCode()).isEqualTo(401);
    assertThat(push(flow().without("client_id"), BASIC).body()).contains("missing: client_id");
  }

  @ParameterizedTest
  @CsvSource({
    "request_uri, urn:x, invalid_request",
    "redirect_uri, https://evil.example/, invalid_request",
    "response_type, token, unsupported_response_type",
    "code_challenge_method, plain, invalid_request",
    "scope, a  b, invalid_scope",
  })
  void refusesWhatTheAuthorizationEndpointWouldRefuse(String name, String value, String error)
      throws IOException {
    HttpResponse<String> response = push(flow().with(name, value), BASIC);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(string(response, "error")).isEqualTo(error);
  }

  @Test
  void requestsMustBePushedIfSaid() throws IOException {
    server.authorization().requirePushedAuthorizationRequests(true);

    assertThat(flow().ask().body()).contains("must be pushed");
    assertThat(http.get(server.uri("/.well-known/oauth-authorization-server")).body())
        .contains("\"require_pushed_authorization_requests\":true");
    String requestUri = string(push(flow(), BASIC), "request_uri");
    assertThat(http.get(authorize(requestUri, "c")).statusCode()).isEqualTo(302);

    server.authorization().requirePushedAuthorizationRequests(false);
    assertThat(flow().ask().statusCode()).isEqualTo(302);
    server.clientMetadata("c", Map.of("require_pushed_authorization_requests", true));
    assertThat(flow().ask().body()).contains("must be pushed");
  }
}
