package dev.everbearer.server.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.wire.Untrusted;
import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reports changes of a server's keys, of its endpoints' hosts and of its client authentication
 * methods between two fetches: who can make them can redirect credentials (RFC 9700 section 4.4).
 */
final class MetadataAudit {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.server");
  private static final int MAX_VALUE = 200;

  private MetadataAudit() {}

  static void report(AuthorizationServer before, AuthorizationServer now) {
    Set<String> names = new LinkedHashSet<>(before.metadata().keySet());
    names.addAll(now.metadata().keySet());
    List<String> changed =
        names.stream()
            .filter(name -> isChanged(name, before.metadata().get(name), now.metadata().get(name)))
            .map(name -> described(name, before.metadata(), now.metadata()))
            .toList();
    if (!changed.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Audit: the metadata of {0} changed in {1}. If nobody announced that, find out why.",
          now,
          String.join(", ", changed));
    }
  }

  private static boolean isChanged(String name, @Nullable Object before, @Nullable Object now) {
    if (name.endsWith("_endpoint")) {
      return !Objects.equals(server(before), server(now));
    }
    if (name.endsWith("_auth_methods_supported")) {
      return !Objects.equals(unordered(before), unordered(now));
    }
    boolean isOfInterest =
        name.equals("jwks_uri") || name.equals("jwks") || name.equals("mtls_endpoint_aliases");
    return isOfInterest && !Objects.equals(before, now);
  }

  private static String described(
      String name, Map<String, Object> before, Map<String, Object> now) {
    return "%s (from %s to %s)".formatted(name, shown(before.get(name)), shown(now.get(name)));
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "nothing" : Untrusted.printable(value.toString(), MAX_VALUE);
  }

  /** Scheme, host and port of an endpoint, which was checked to be a URL. */
  private static @Nullable Object server(@Nullable Object endpoint) {
    if (!(endpoint instanceof String text)) {
      return endpoint;
    }
    URI uri = URI.create(text);
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  private static @Nullable Object unordered(@Nullable Object list) {
    return list instanceof List<?> values ? new HashSet<Object>(values) : list;
  }
}
