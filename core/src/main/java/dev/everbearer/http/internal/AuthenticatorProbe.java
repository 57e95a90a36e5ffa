package dev.everbearer.http.internal;

import dev.everbearer.wire.HttpClients;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Authenticator;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * Finds out, once and only when needed, whether this JDK's client drops a request's Authorization
 * header when it has an {@link Authenticator}: it sends one to itself and looks.
 */
final class AuthenticatorProbe {

  private static final class Answer {
    static final boolean STRIPS = probe();
  }

  private AuthenticatorProbe() {}

  static boolean stripsAuthorization() {
    return Answer.STRIPS;
  }

  /** Errs on the safe side: what cannot be found out counts as dropped. */
  private static boolean probe() {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener.setSoTimeout(5000);
      HttpClient client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .proxy(HttpClient.Builder.NO_PROXY)
              .authenticator(new Authenticator() {})
              .build();
      URI self = url(listener.getInetAddress(), listener.getLocalPort());
      HttpRequest request =
          HttpRequest.newBuilder(self)
              .header("Authorization", "Bearer probe")
              .timeout(Duration.ofSeconds(5))
              .build();
      var pending = client.sendAsync(request, BodyHandlers.discarding());
      try (Socket connection = listener.accept()) {
        return !sawAuthorization(connection);
      } finally {
        pending.cancel(true);
        HttpClients.shutdownNow(client);
      }
    } catch (IOException | RuntimeException e) {
      return true;
    }
  }

  /** An IPv6 address stands in brackets (RFC 3986 section 3.2.2). */
  static URI url(InetAddress address, int port) {
    String host = address.getHostAddress();
    return URI.create(
        "http://" + (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port + "/");
  }

  private static boolean sawAuthorization(Socket connection) throws IOException {
    connection.setSoTimeout(5000);
    BufferedReader head =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
    for (String line = head.readLine(); line != null && !line.isEmpty(); line = head.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("authorization:")) {
        return true;
      }
    }
    return false;
  }
}
