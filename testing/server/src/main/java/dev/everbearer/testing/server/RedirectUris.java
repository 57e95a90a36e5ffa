package dev.everbearer.testing.server;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/** Compares redirect URIs, character by character but for the port of loopback addresses. */
final class RedirectUris {

  /** RFC 8252 section 7.3: the address is a literal, never a name. */
  private static final Pattern LOOPBACK =
      Pattern.compile("(http://(?:127\\.0\\.0\\.1|\\[::1]))(?::\\d+)?(/.*)?");

  private RedirectUris() {}

  /**
   * The redirect URI of a request, as sent.
   *
   * @throws OAuthError if there is none, or none that the client registered
   */
  static String of(RegisteredClient client, OAuthForm parameters) {
    String sent = parameters.required("redirect_uri");
    List<String> registered = client.list("redirect_uris");
    if (registered.stream().noneMatch(each -> matches(each, sent))) {
      throw OAuthError.invalidRequest(
          "The redirect_uri is not among the registered " + registered + ": " + sent);
    }
    return sent;
  }

  private static boolean matches(String registered, String sent) {
    return registered.equals(sent)
        || (LOOPBACK.matcher(registered).matches() && portless(registered).equals(portless(sent)));
  }

  private static String portless(String uri) {
    return LOOPBACK.matcher(uri).replaceFirst("$1$2");
  }

  /** Checks what a client wants to register. */
  static boolean isRegistrable(String uri) {
    try {
      URI parsed = URI.create(uri);
      return parsed.isAbsolute() && parsed.getRawFragment() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
