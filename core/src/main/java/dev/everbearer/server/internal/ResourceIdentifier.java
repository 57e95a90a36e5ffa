package dev.everbearer.server.internal;

import java.net.URI;
import java.util.Locale;

/** How resource identifiers are compared, and where their metadata stands (RFC 9728 section 3). */
public final class ResourceIdentifier {

  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

  private ResourceIdentifier() {}

  /**
   * Where the metadata of a resource stands: the well-known part goes between host and path. Only
   * the slash of an empty path is dropped (section 3.1).
   */
  public static URI location(URI resource) {
    String path = path(resource).equals("/") ? "" : path(resource);
    String query = resource.getRawQuery() == null ? "" : "?" + resource.getRawQuery();
    return URI.create(root(resource) + WELL_KNOWN + path + query);
  }

  /** The same for the whole origin of a resource. */
  public static URI rootLocation(URI resource) {
    return URI.create(root(resource) + WELL_KNOWN);
  }

  private static String root(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  private static String path(URI uri) {
    return uri.getRawPath() == null ? "" : uri.getRawPath();
  }

  /**
   * Whether a resource covers a URL: the same origin, and a path that is the URL's or a whole
   * segment of it above. A resource with a query covers itself alone.
   */
  static boolean covers(URI resource, URI url) {
    if (resource.equals(url)) {
      return true;
    }
    if (!isSameOrigin(resource, url) || resource.getRawQuery() != null) {
      return false;
    }
    String below = path(url).isEmpty() ? "/" : path(url);
    String above = path(resource);
    return !hasDotSegment(below)
        && (below.equals(above) || below.startsWith(above.endsWith("/") ? above : above + "/"));
  }

  /** What a server may read as another path than we do. */
  private static boolean hasDotSegment(String path) {
    String plain = path.toLowerCase(Locale.ROOT).replace("%2e", ".").replace("%2f", "/");
    return plain.contains("/../") || plain.endsWith("/..") || plain.contains("/./");
  }

  /** Whether scheme, host and port are the same. */
  public static boolean isSameOrigin(URI one, URI other) {
    return origin(one).equals(origin(other));
  }

  private static String origin(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
  }
}
