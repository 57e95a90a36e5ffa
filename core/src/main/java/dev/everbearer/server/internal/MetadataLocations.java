package dev.everbearer.server.internal;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a server's metadata may stand: RFC 8414 section 3.1 inserts the well-known part between
 * host and path, OpenID Connect Discovery section 4 appends it after the path.
 */
final class MetadataLocations {

  private static final String OAUTH = "/.well-known/oauth-authorization-server";
  private static final String OPENID = "/.well-known/openid-configuration";

  private MetadataLocations() {}

  /** The candidates in the order to try: OAuth inserted, OpenID inserted, OpenID appended. */
  static List<URI> of(String issuer) {
    URI uri = URI.create(issuer);
    String origin = uri.getScheme() + "://" + uri.getRawAuthority();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/$", "");
    List<URI> candidates = new ArrayList<>();
    candidates.add(URI.create(origin + OAUTH + path));
    candidates.add(URI.create(origin + OPENID + path));
    if (!path.isEmpty()) {
      candidates.add(URI.create(origin + path + OPENID));
    }
    return candidates;
  }
}
