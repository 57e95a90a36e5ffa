package dev.everbearer.login.internal;

import dev.everbearer.login.Login;
import dev.everbearer.server.AuthorizationServer;
import java.net.URI;

/** The path of a redirect URI that no two servers share (RFC 8252 section 8.10). */
public final class LoopbackPath {

  private LoopbackPath() {}

  /** {@code /callback/} and the host, port and path of the issuer, or else of the endpoint. */
  static String of(AuthorizationServer server) {
    URI identity = server.issuer().map(URI::create).orElseGet(server::tokenEndpoint);
    String port = identity.getPort() < 0 ? "" : "-" + identity.getPort();
    String path = identity.getRawPath() == null ? "" : identity.getRawPath();
    return "/callback/" + host(identity) + port + (path.equals("/") ? "" : path);
  }

  /**
   * The redirect URI of logins on this machine, as it is to be registered: without a port, for any
   * is used, unless the login has one of its own.
   */
  public static String registered(Login login, AuthorizationServer server) {
    String host = login.usesLocalhost() ? "localhost" : "127.0.0.1";
    String port = login.port().isPresent() ? ":" + login.port().getAsInt() : "";
    return "http://" + host + port + login.path().orElseGet(() -> of(server));
  }

  private static String host(URI identity) {
    return String.valueOf(identity.getHost()).replaceAll("[^A-Za-z0-9.-]", "");
  }
}
