package dev.everbearer;

import dev.everbearer.wire.JdkTransport;
import dev.everbearer.wire.Transport;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How connections are made: through the user's client, or through clients of our own with these
 * settings, of which null takes the default.
 */
record Connections(
    @Nullable HttpClient given,
    @Nullable ProxySelector proxy,
    @Nullable SSLContext sslContext,
    @Nullable Duration connectTimeout) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Throws {@code IllegalStateException} when a client is given with settings it would not see. */
  Connections {
    if (given != null) {
      requireAbsent("proxy", proxy);
      requireAbsent("sslContext", sslContext);
      requireAbsent("connectTimeout", connectTimeout);
    }
  }

  private static void requireAbsent(String name, @Nullable Object setting) {
    if (setting != null) {
      throw new IllegalStateException(
          "httpClient(...) and %s(...) contradict: the client you give has its own. Set it there,"
                  .formatted(name)
              + " or give no client.");
    }
  }

  boolean areOurs() {
    return given == null;
  }

  Transport transport(Consumer<HttpRequest.Builder> customizer, InstantSource wall) {
    HttpClient client = given;
    return client != null
        ? JdkTransport.over(client, customizer, wall)
        : JdkTransport.making(() -> newClient(HttpClient.Version.HTTP_1_1), customizer, wall);
  }

  /** Makes the clients for APIs. */
  Supplier<HttpClient> apiClients() {
    HttpClient client = given;
    return client != null ? () -> client : () -> newClient(HttpClient.Version.HTTP_2);
  }

  private HttpClient newClient(HttpClient.Version version) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(version)
            .connectTimeout(connectTimeout == null ? CONNECT_TIMEOUT : connectTimeout)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (proxy != null) {
      builder.proxy(proxy);
    }
    if (sslContext != null) {
      builder.sslContext(sslContext);
    }
    return builder.build();
  }
}
