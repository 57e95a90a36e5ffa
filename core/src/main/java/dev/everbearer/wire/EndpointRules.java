package dev.everbearer.wire;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which URLs we call at all: https, or plain http on loopback and on hosts named one by one.
 *
 * @param allowsLoopback whether plain http to loopback addresses and {@code localhost} is allowed
 * @param plainHttpHosts the hosts, in lower case, for which plain http is allowed
 */
public record EndpointRules(boolean allowsLoopback, Set<String> plainHttpHosts) {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.wire");
  private static final int MAX_REMEMBERED = 1000;
  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

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
          "The "
              + what
              + " must be an absolute URL with a host, and this is not: "
              + Urls.shown(uri));
    }
    if (uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "The " + what + " must not have a fragment (RFC 6749 section 3.2): " + Urls.shown(uri));
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
              + Urls.shown(uri)
              + ". Plain http is allowed for loopback addresses, and for hosts named by"
              + " allowPlainHttp(...).");
    }
    return uri;
  }

  private boolean allows(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") || (allowsLoopback && isLoopback(host))) {
      return scheme.equals("https") || scheme.equals("http");
    }
    boolean isNamed = plainHttpHosts.contains(host);
    if (isNamed) {
      warnOfPlainHttp(host);
    }
    return isNamed;
  }

  private static void warnOfPlainHttp(String host) {
    if (WARNED.size() < MAX_REMEMBERED && WARNED.add(host)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Credentials go to {0} over plain http, for allowPlainHttp names it. Whoever is on the"
              + " way can read them unless the network below is encrypted.",
          host);
    }
  }

  /** Loopback IP literals and exactly {@code localhost}; no name is ever resolved for this. */
  public static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
