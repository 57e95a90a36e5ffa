package dev.everbearer.http.internal;

import dev.everbearer.token.Secret;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client that tells proxies who it is, with each request and unasked. The platform hands the
 * field to a proxy alone, never to a server, neither directly nor through a tunnel. Its own {@link
 * java.net.Authenticator} would do more than that: on older JDKs it drops a request's {@code
 * Authorization}, it fails at a 401 without a challenge, and it repeats requests that can be sent
 * once only. Thread-safe.
 */
public final class ProxiedHttpClient extends ForwardingHttpClient {

  private static final String FIELD = "Proxy-Authorization";

  private final HttpClient client;
  private final Secret credentials;

  /**
   * Over a client that has the proxy.
   *
   * @param credentials the whole value of {@code Proxy-Authorization}
   */
  public ProxiedHttpClient(HttpClient client, Secret credentials) {
    this.client = client;
    this.credentials = credentials;
  }

  private HttpRequest known(HttpRequest request) {
    return HttpRequest.newBuilder(request, (name, value) -> !name.equalsIgnoreCase(FIELD))
        .header(FIELD, credentials.reveal())
        .build();
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return client.send(known(request), handler);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return client.sendAsync(known(request), handler);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler) {
    return client.sendAsync(known(request), handler, pushPromiseHandler);
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    return client.newWebSocketBuilder().header(FIELD, credentials.reveal());
  }

  @Override
  HttpClient delegate() {
    return client;
  }

  @Override
  public String toString() {
    return "ProxiedHttpClient[" + client + "]";
  }
}
