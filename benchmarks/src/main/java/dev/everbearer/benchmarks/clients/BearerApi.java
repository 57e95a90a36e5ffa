package dev.everbearer.benchmarks.clients;

import dev.everbearer.testing.server.ScriptedApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** An API that takes a server's tokens while they live, and the one way in which it is called. */
public final class BearerApi implements AutoCloseable {

  private static final Duration TIME_LIMIT = Duration.ofSeconds(3);

  private final ScriptedApi api;
  private final URI uri;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Starts an API. */
  public BearerApi(TokenServer server) {
    api = ScriptedApi.protectedBy(server.scripted());
    uri = api.uri("/user");
  }

  /**
   * Calls it once.
   *
   * @return the status: 200, or 401 when the token is over
   */
  public int call(String authorization) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(TIME_LIMIT)
            .header("Authorization", authorization)
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Override
  public void close() {
    api.close();
  }
}
