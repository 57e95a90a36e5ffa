package dev.everbearer.wire;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Which URLs we call at all: https, or plain http on loopback and on hosts named one by one.
 *
 * @param allowsLoopback whether plain http to loopback addresses and {@code localhost} is allowed
 * @param plainHttpHosts the hosts, in lower case, for which plain http is allowed
 */
public record EndpointRules(boolean allowsLoopback, Set<String> plainHttpHosts) {

  /** https, and plain http on loopback. */
  public static final EndpointRules DEFAULT = new EndpointRules(true, Set.of());

  /**
   * Checks a URL that is about to be called or was found in metadata.
   *
   * @param what its name in messages, such as {@code token endpoint}
   * @throws IllegalArgumentException if it must not be called
   */
  public URI check(String what, URI uri) {
    if (!uri.isAbsolute() || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "The " + what + " must be an absolute URL with a host, and this is not: " + shown(uri));
    }
    if (uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "The " + what + " must not have a fragment (RFC 6749 section 3.2): " + shown(uri));
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "The "
              + what
              + " must not hold user information; give credentials by a client"
              + " authentication method.");
    }
    if (!allows(uri)) {
      throw new IllegalArgumentException(
          "The "
              + what
              + " must be https: "
              + shown(uri)
              + ". Plain http is allowed for loopback addresses, and for hosts named by"
              + " allowPlainHttp(...).");
    }
    return uri;
  }

  /** Without query and fragment, which may be somebody's secret. */
  private static String shown(URI uri) {
    return uri.toString().replaceFirst("[?#].*", "");
  }

  private boolean allows(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return scheme.equals("https")
        || (scheme.equals("http")
            && ((allowsLoopback && isLoopback(host)) || plainHttpHosts.contains(host)));
  }

  /** Loopback IP literals and exactly {@code localhost}; no name is ever resolved for this. */
  public static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
