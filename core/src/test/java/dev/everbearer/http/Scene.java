package dev.everbearer.http;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What the tests of the wrapped client have in common. */
public final class Scene {

  public static final Grant GRANT = Grant.clientCredentials();

  private Scene() {}

  /** A client by the system's clock. */
  public static OAuthClientBuilder client(ScriptedAuthorizationServer server) {
    server.registerClient("id", "secret");
    return OAuthClient.builder()
        .tokenEndpoint(server.tokenEndpoint().toString())
        .clientSecretBasic("id", "secret");
  }

  /** A client by a clock that stands still. */
  public static OAuthClientBuilder client(ScriptedAuthorizationServer server, SettableClock clock) {
    return client(server).clocks(clock, clock::nanoTime).scheduler(clock.scheduler());
  }

  public static HttpClient http(OAuthClient client, ScriptedApi api) {
    return client.httpClientFor(api.origin().toString(), GRANT);
  }

  public static HttpRequest.Builder request(ScriptedApi api) {
    return HttpRequest.newBuilder(api.uri("/data"));
  }

  public static HttpResponse<String> get(HttpClient http, ScriptedApi api) throws Exception {
    return http.send(request(api).build(), BodyHandlers.ofString());
  }

  /** The API says that the token is over. */
  public static Answer invalidToken() {
    return refusal("Bearer error=\"invalid_token\"");
  }

  public static Answer refusal(String challenge) {
    return Answer.json(401, "{\"refused\":true}").header("WWW-Authenticate", challenge);
  }

  /** The authorization server is down, and says that it will be for long: nobody waits for it. */
  public static Answer downForLong() {
    return Answer.status(503)
        .header("Retry-After", String.valueOf(Duration.ofHours(1).toSeconds()));
  }
}
