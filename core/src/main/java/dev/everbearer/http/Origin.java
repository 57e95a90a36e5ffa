package dev.everbearer.http;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Scheme, host and port of a URL (RFC 6454), in one spelling: lower case, the port always there,
 * {@code ws} and {@code wss} as {@code http} and {@code https}. Immutable and thread-safe.
 */
public final class Origin {

  private final String scheme;
  private final String host;
  private final int port;

  private Origin(String scheme, String host, int port) {
    this.scheme = scheme;
    this.host = host;
    this.port = port;
  }

  /**
   * The origin of a URL.
   *
   * @throws IllegalArgumentException if the URL has no host, another scheme than http, https, ws or
   *     wss, user information, or a host that could be read in two ways (a trailing dot, non-ASCII
   *     characters)
   */
  public static Origin of(URI uri) {
    String scheme = scheme(uri);
    String host = uri.getHost();
    if (host == null) {
      throw refused("has no host that can be compared; write non-ASCII hosts in punycode");
    }
    if (uri.getRawUserInfo() != null) {
      throw refused("holds user information");
    }
    if (host.endsWith(".")) {
      throw refused("has a host that ends with a dot");
    }
    return new Origin(scheme, host.toLowerCase(Locale.ROOT), port(uri, scheme));
  }

  /** Whether a URL names it in this very spelling; another spelling has to be taken apart. */
  boolean isSpelledIn(URI uri) {
    return scheme.equals(uri.getScheme())
        && host.equals(uri.getHost())
        && port == port(uri, scheme)
        && uri.getRawUserInfo() == null;
  }

  private static String scheme(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "https", "wss" -> "https";
      case "http", "ws" -> "http";
      default -> throw refused("is not an http or https URL");
    };
  }

  private static int port(URI uri, String scheme) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return scheme.equals("https") ? 443 : 80;
  }

  private static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException("The URL " + why + ".");
  }

  /** {@code http} or {@code https}. */
  public String scheme() {
    return scheme;
  }

  /** The host in lower case. */
  public String host() {
    return host;
  }

  /** The port, default or not. */
  public int port() {
    return port;
  }

  /** The origin as a URL, without a default port. */
  public URI toUri() {
    return URI.create(toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Origin that
        && port == that.port
        && host.equals(that.host)
        && scheme.equals(that.scheme);
  }

  @Override
  public int hashCode() {
    return host.hashCode() * 31 + port;
  }

  @Override
  public String toString() {
    boolean isDefaultPort = port == (scheme.equals("https") ? 443 : 80);
    return scheme + "://" + host + (isDefaultPort ? "" : ":" + port);
  }
}
