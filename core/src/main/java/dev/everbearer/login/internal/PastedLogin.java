package dev.everbearer.login.internal;

import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.login.Login;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.server.AuthorizationServer;
import java.net.URI;
import java.security.SecureRandom;
import java.util.function.Function;

/**
 * A login whose answer the person carries by hand: nothing listens at the redirect URI, and the
 * address at which the browser ends is pasted. Its checks are the same.
 */
final class PastedLogin {

  private static final int FIRST_PRIVATE_PORT = 49_152;
  private static final int END_OF_PORTS = 65_536;
  private static final SecureRandom RANDOM = new SecureRandom();

  private PastedLogin() {}

  static TokenEndpoint.Answer login(
      Login login,
      Function<URI, String> dialog,
      CodeFlows flows,
      AuthorizationCodeGrant grant,
      String path)
      throws InterruptedException {
    AuthorizationServer server = flows.server();
    String redirectUri = redirectUri(login, path);
    CodeFlow flow = flows.toLoopback(login, grant, redirectUri, path);
    CodeFlow.Begun begun = flow.begin();
    String pasted = ask(server, dialog, begun.url());
    if (!withoutQuery(pasted).equals(redirectUri)) {
      throw LoginFailures.of(
          server,
          "what was pasted is not the address at which the browser ends. It begins with "
              + redirectUri
              + "; copy all of it. Log in again.");
    }
    return flow.redeem(begun.pending(), AuthorizationResponse.ofUrl(pasted));
  }

  /** Of a port at which nothing is likely to listen: what does would get a code of no use to it. */
  private static String redirectUri(Login login, String path) {
    int port = login.port().orElseGet(() -> RANDOM.nextInt(FIRST_PRIVATE_PORT, END_OF_PORTS));
    return "http://" + (login.usesLocalhost() ? "localhost" : "127.0.0.1") + ":" + port + path;
  }

  private static String ask(AuthorizationServer server, Function<URI, String> dialog, URI url) {
    String pasted;
    try {
      pasted = dialog.apply(url);
    } catch (RuntimeException e) {
      throw LoginFailures.of(
          server, "the address could not be asked for (%s).".formatted(e.getClass().getName()), e);
    }
    if (pasted == null || pasted.isBlank()) {
      throw LoginFailures.of(server, "no address was pasted. Log in again to try once more.");
    }
    return pasted.trim();
  }

  private static String withoutQuery(String url) {
    return url.split("[?#]", 2)[0];
  }
}
