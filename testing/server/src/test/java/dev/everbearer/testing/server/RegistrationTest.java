package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(ScriptedServers.class)
class RegistrationTest {

  private static final String NATIVE =
      "{\"redirect_uris\":[\"http://127.0.0.1/cb\"],\"token_endpoint_auth_method\":\"none\","
          + "\"grant_types\":[\"authorization_code\",\"refresh_token\"]}";
  private static final String SERVICE = "{\"grant_types\":[\"client_credentials\"]}";

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;

  RegistrationTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  private HttpResponse<String> send(String method, URI uri, String json, String... headers)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(json));
    return http.send(headers.length == 0 ? request : request.headers(headers));
  }

  private HttpResponse<String> register(String json, String... headers) throws IOException {
    return send("POST", server.endpoint("registration_endpoint"), json, headers);
  }

  private HttpResponse<String> manage(String method, HttpResponse<String> client, String json)
      throws IOException {
    return send(
        method,
        URI.create(string(client, "registration_client_uri")),
        json,
        "Authorization",
        "Bearer " + string(client, "registration_access_token"));
  }

  private HttpResponse<String> clientCredentials(HttpResponse<String> client) throws IOException {
    return http.post(
        server.tokenEndpoint(),
        "grant_type=client_credentials",
        "Authorization",
        Http.basic(string(client, "client_id"), string(client, "client_secret")));
  }

  @Test
  void registersAClientThatLogsIn() throws IOException {
    HttpResponse<String> registered = register(NATIVE);

    assertThat(registered.statusCode()).isEqualTo(201);
    assertThat(registered.body()).doesNotContain("client_secret").contains("client_id_issued_at");
    CodeFlow flow =
        new CodeFlow(server, string(registered, "client_id"))
            .with("redirect_uri", "http://127.0.0.1:7777/cb");
    assertThat(flow.login().body()).contains("refresh_token");
  }

  @Test
  void registersAClientWithASecret() throws IOException {
    HttpResponse<String> registered = register(SERVICE);

    assertThat(registered.body())
        .contains(
            "\"client_secret_expires_at\":0",
            "\"token_endpoint_auth_method\":\"client_secret_basic\"");
    assertThat(clientCredentials(registered).statusCode()).isEqualTo(200);
  }

  @Test
  void secretsExpire() throws IOException {
    server.registration().secretLifetime(Duration.ofSeconds(60));
    HttpResponse<String> registered = register(SERVICE);

    assertThat(registered.body())
        .contains("\"client_secret_expires_at\":" + (clock.instant().getEpochSecond() + 60));
    clock.advance(Duration.ofSeconds(59));
    assertThat(clientCredentials(registered).statusCode()).isEqualTo(200);
    clock.advance(Duration.ofSeconds(1));
    assertThat(clientCredentials(registered).body()).contains("invalid_client", "expired");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | invalid_redirect_uri",
        "{\"redirect_uris\":[\"/relative\"]} | invalid_redirect_uri",
        "{\"redirect_uris\":[\"https://c.example/#f\"]} | invalid_redirect_uri",
        "{\"redirect_uris\":\"https://c.example/\"} | invalid_client_metadata",
        "{\"grant_types\":[\"password\"]} | invalid_client_metadata",
        "{\"grant_types\":[\"client_credentials\"],\"response_types\":[\"token\"]}"
            + " | invalid_client_metadata",
        "{\"grant_types\":[\"client_credentials\"],\"token_endpoint_auth_method\":\"x\"}"
            + " | invalid_client_metadata",
        "{\"grant_types\":[\"client_credentials\"],\"jwks\":{},\"jwks_uri\":\"https://c.example/\"}"
            + " | invalid_client_metadata",
        "{\"grant_types\":[\"client_credentials\"],\"jwks\":7} | invalid_client_metadata",
        "{\"grant_types\":[\"client_credentials\"],\"client_id\":\"x\"} | invalid_client_metadata",
        "{\"software_statement\":\"x\"} | invalid_software_statement",
        "{\"software_statement\":\"e30.e30.AAAA\"} | unapproved_software_statement",
        "[] | invalid_request",
      })
  void refuses(String json, String error) throws IOException {
    HttpResponse<String> response = register(json);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(string(response, "error")).isEqualTo(error);
  }

  @Test
  void wantsJsonByPost() throws IOException {
    assertThat(http.post(server.endpoint("registration_endpoint"), "a=b").body())
        .contains("invalid_request", "application/json");
    assertThat(http.get(server.endpoint("registration_endpoint")).statusCode()).isEqualTo(405);
  }

  @Test
  void wantsTheInitialAccessToken() throws IOException {
    server.registration().initialAccessToken("iat").approveSoftwareStatements(true);
    String statement = SERVICE.replace("}", ",\"software_statement\":\"e30.e30.AAAA\"}");

    assertThat(register(SERVICE).statusCode()).isEqualTo(401);
    assertThat(register(SERVICE, "Authorization", "Bearer x").statusCode()).isEqualTo(401);
    assertThat(register(statement, "Authorization", "Bearer iat").statusCode()).isEqualTo(201);
  }

  @Test
  void readsUpdatesAndDeletes() throws IOException {
    HttpResponse<String> registered = register(SERVICE);
    String id = string(registered, "client_id");

    assertThat(manage("GET", registered, "").body()).isEqualTo(registered.body());
    String update = "{\"client_id\":\"" + id + "\",\"client_name\":\"n\"," + SERVICE.substring(1);
    HttpResponse<String> updated = manage("PUT", registered, update);
    assertThat(updated.statusCode()).isEqualTo(200);
    assertThat(string(updated, "client_name")).isEqualTo("n");
    assertThat(string(updated, "client_secret")).isEqualTo(string(registered, "client_secret"));

    assertThat(manage("POST", registered, "{}").statusCode()).isEqualTo(405);
    assertThat(manage("DELETE", registered, "").statusCode()).isEqualTo(204);
    HttpResponse<String> gone = manage("GET", registered, "");
    assertThat(gone.statusCode()).isEqualTo(401);
    assertThat(gone.headers().firstValue("WWW-Authenticate").orElse(""))
        .startsWith("Bearer ")
        .contains("invalid_token");
    assertThat(clientCredentials(registered).statusCode()).isEqualTo(401);
  }

  @Test
  void anUpdateCanRotateTheCredentials() throws IOException {
    server.registration().rotateCredentials(true);
    HttpResponse<String> registered = register(SERVICE);
    String id = string(registered, "client_id");
    HttpResponse<String> updated =
        manage("PUT", registered, "{\"client_id\":\"" + id + "\"," + SERVICE.substring(1));

    assertThat(updated.statusCode()).isEqualTo(200);
    assertThat(clientCredentials(registered).statusCode()).isEqualTo(401);
    assertThat(clientCredentials(updated).statusCode()).isEqualTo(200);
    assertThat(manage("GET", registered, "").statusCode()).isEqualTo(401);
    assertThat(manage("GET", updated, "").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"x\":1",
        "\"client_id\":\"other\"",
        "\"client_id\":\"%s\",\"registration_access_token\":\"x\"",
        "\"client_id\":\"%s\",\"registration_client_uri\":\"x\"",
        "\"client_id\":\"%s\",\"client_secret_expires_at\":0",
        "\"client_id\":\"%s\",\"client_id_issued_at\":0",
        "\"client_id\":\"%s\",\"client_secret\":\"of my own\"",
      })
  void refusesUpdatesThatSayWhatOnlyTheServerSays(String member) throws IOException {
    HttpResponse<String> registered = register(SERVICE);
    String update =
        "{" + member.formatted(string(registered, "client_id")) + "," + SERVICE.substring(1);

    assertThat(string(manage("PUT", registered, update), "error")).isEqualTo("invalid_request");
  }

  @Test
  void registersSomethingElseThanAskedFor() throws IOException {
    server
        .registration()
        .alterMetadata(
            metadata -> {
              metadata.put("token_endpoint_auth_method", "client_secret_post");
              return metadata;
            });
    HttpResponse<String> registered = register(SERVICE);

    assertThat(string(registered, "token_endpoint_auth_method")).isEqualTo("client_secret_post");
    assertThat(clientCredentials(registered).statusCode()).isEqualTo(401);
    server.alterAnswers(
        "registration_endpoint",
        document -> {
          document.remove("client_id");
          return document;
        });
    assertThat(string(register(SERVICE), "client_id")).isEmpty();
  }
}
