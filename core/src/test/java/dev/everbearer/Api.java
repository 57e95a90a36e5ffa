package dev.everbearer;

import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** What tests that call APIs through a client have in common. */
public final class Api {

  private Api() {}

  /** A client with a secret, registered at the server, that finds it by its token endpoint. */
  public static OAuthClientBuilder clientOf(ScriptedAuthorizationServer server) {
    server.registerClient("id", "secret");
    return OAuthClient.builder()
        .tokenEndpoint(server.tokenEndpoint().toString())
        .clientSecretBasic("id", "secret")
        .maxWait(Duration.ofSeconds(10));
  }

  /** A GET request. */
  public static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri).build();
  }

  /** Sends a GET request. */
  public static HttpResponse<String> get(HttpClient client, URI uri)
      throws IOException, InterruptedException {
    return client.send(get(uri), BodyHandlers.ofString());
  }

  /** Sends a GET request without blocking, and waits for the outcome all the same. */
  public static HttpResponse<String> getAsync(HttpClient client, URI uri) throws IOException {
    try {
      return client.sendAsync(get(uri), BodyHandlers.ofString()).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw e;
    }
  }
}
