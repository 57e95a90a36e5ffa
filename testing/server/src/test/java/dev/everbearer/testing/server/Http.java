package dev.everbearer.testing.server;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The client of the tests: requests, and a few looks into JSON. */
final class Http {

  static final Duration PATIENCE = Duration.ofSeconds(20);
  static final String FORM = "application/x-www-form-urlencoded";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(URI uri, String... headers) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(PATIENCE);
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpResponse<String> post(URI uri, String form, String... headers) throws IOException {
    return send(form(uri, form, headers));
  }

  static HttpRequest.Builder form(URI uri, String form, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(PATIENCE)
            .header("Content-Type", FORM)
            .POST(BodyPublishers.ofString(form));
    return headers.length == 0 ? request : request.headers(headers);
  }

  static String basic(String id, String secret) {
    String pair = encode(id) + ":" + encode(secret);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The string of a name in a JSON object, or an empty one. */
  static String string(HttpResponse<String> response, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(response.body());
    return matcher.find() ? matcher.group(1) : "";
  }
}
