package dev.everbearer;

import dev.everbearer.client.ClientCertificate;
import dev.everbearer.http.internal.CertifiedHttpClient;
import dev.everbearer.http.internal.ProxiedHttpClient;
import dev.everbearer.wire.JdkTransport;
import dev.everbearer.wire.StrongTls;
import dev.everbearer.wire.Transport;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How connections are made: through the user's client, or through clients of our own with these
 * settings, of which null takes the default.
 *
 * @param proxyCredentials what the proxy is told
 * @param trusted whose certificates are trusted
 * @param certificate shown to the authorization server and to bound APIs
 * @param isStrongOnly whether clients of our own offer nothing but {@link StrongTls}
 */
record Connections(
    @Nullable HttpClient given,
    @Nullable ProxySelector proxy,
    @Nullable ProxyCredentials proxyCredentials,
    @Nullable SSLContext sslContext,
    @Nullable Authorities trusted,
    @Nullable ClientCertificate certificate,
    @Nullable Duration connectTimeout,
    boolean isStrongOnly) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Throws {@code IllegalStateException} when settings are given that would not be seen. */
  Connections {
    if (given != null) {
      requireAbsent("httpClient", "proxy", proxy);
      requireAbsent("httpClient", "proxyCredentials", proxyCredentials);
      requireAbsent("httpClient", "sslContext", sslContext);
      requireAbsent("httpClient", "trustStore", trusted);
      requireAbsent("httpClient", "connectTimeout", connectTimeout);
      requireAbsent("httpClient", "a client certificate", certificate);
    }
    if (proxyCredentials != null && proxy == null) {
      throw new IllegalStateException(
          "proxyCredentials(...) are for the proxy of proxy(...), and there is none: name it.");
    }
    if (sslContext != null) {
      requireAbsent("sslContext", "trustStore", trusted);
      requireAbsent("sslContext", "a client certificate", certificate);
    }
  }

  private static void requireAbsent(String first, String second, @Nullable Object setting) {
    if (setting != null) {
      throw new IllegalStateException(
          "%s(...) and %s contradict: what you give has its own. Set it there (a client certificate"
                  .formatted(first, second.startsWith("a ") ? second : second + "(...)")
              + " by its keyManager(...)), or leave the one or the other out.");
    }
  }

  boolean areOurs() {
    return given == null;
  }

  Transport transport(Consumer<HttpRequest.Builder> customizer, InstantSource wall) {
    HttpClient client = given;
    return client != null
        ? JdkTransport.over(client, customizer, wall)
        : JdkTransport.making(
            new JdkTransport.Clients(
                () -> newClient(HttpClient.Version.HTTP_1_1, host -> false),
                () -> newClient(HttpClient.Version.HTTP_1_1, host -> true)),
            customizer,
            wall);
  }

  /** Makes the clients for APIs, which show the client certificate to the given hosts only. */
  Function<Predicate<String>, HttpClient> apiClients() {
    HttpClient client = given;
    return client != null ? hosts -> client : this::newApiClient;
  }

  private HttpClient newApiClient(Predicate<String> mayBeShown) {
    ClientCertificate shown = certificate;
    return shown == null
        ? newClient(HttpClient.Version.HTTP_2, mayBeShown)
        : new CertifiedHttpClient(
            shown::thumbprint, () -> newClient(HttpClient.Version.HTTP_2, mayBeShown));
  }

  private HttpClient newClient(HttpClient.Version version, Predicate<String> mayBeShown) {
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
    } else if (trusted != null || certificate != null) {
      builder.sslContext(context(mayBeShown));
    }
    if (isStrongOnly) {
      builder.sslParameters(StrongTls.parameters(builder.build().sslContext()));
    }
    HttpClient client = builder.build();
    return proxyCredentials == null
        ? client
        : new ProxiedHttpClient(client, proxyCredentials.field());
  }

  private SSLContext context(Predicate<String> mayBeShown) {
    KeyManager[] keys =
        certificate == null
            ? new KeyManager[0]
            : new KeyManager[] {certificate.keyManager(mayBeShown)};
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, Authorities.trustManagers(trusted), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("No TLS context can be made with these settings.", e);
    }
  }
}
