package dev.everbearer.demo.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the servers by hand, with the JDK's HTTP client and nothing of OAuth in between. */
record Caller(DemoServers servers) {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** One answer: its status, its challenge (empty if none) and its body. */
  record Answer(int status, String challenge, String body) {

    JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }

    String text(String field) {
      return json().path(field).asString("");
    }
  }

  Answer tokenWithBasic(String form) {
    String credentials = encode(servers.clientId()) + ":" + encode(servers.clientSecret());
    String header = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    return send(tokenRequest(form).header("Authorization", header));
  }

  Answer tokenWithPost(String form) {
    String credentials =
        "&client_id="
            + encode(servers.clientId())
            + "&client_secret="
            + encode(servers.clientSecret());
    return send(tokenRequest(form + credentials));
  }

  Answer tokenWithoutCredentials(String form) {
    return send(tokenRequest(form));
  }

  Answer clientCredentials() {
    return tokenWithBasic("grant_type=client_credentials&scope=read+write");
  }

  Answer refresh(String refreshToken) {
    return tokenWithBasic("grant_type=refresh_token&refresh_token=" + encode(refreshToken));
  }

  Answer user(String accessToken) {
    return send(userRequest().header("Authorization", "Bearer " + accessToken));
  }

  Answer userWithoutToken() {
    return send(userRequest());
  }

  Answer get(URI address) {
    return send(HttpRequest.newBuilder(address));
  }

  private HttpRequest.Builder userRequest() {
    return HttpRequest.newBuilder(servers.api().resolve("/user"));
  }

  private HttpRequest.Builder tokenRequest(String form) {
    return HttpRequest.newBuilder(servers.tokenEndpoint())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(form));
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
      String challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
      return new Answer(response.statusCode(), challenge, response.body());
    } catch (IOException e) {
      throw new AssertionError("The call failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("The call was interrupted", e);
    }
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, UTF_8);
  }
}
