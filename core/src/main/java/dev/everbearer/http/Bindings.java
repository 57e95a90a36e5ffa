package dev.everbearer.http;

import dev.everbearer.token.TokenSource;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.Urls;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which origin gets tokens of which source. */
final class Bindings {

  /** An origin and whose tokens it gets. */
  record Bound(Origin origin, TokenSource source) {}

  private static final String WILDCARD = "://*.";
  private static final int FEW = 4;

  private final Map<Origin, TokenSource> exact = new LinkedHashMap<>();

  /** The first of them, for look-ups that cost less than taking a URL apart. */
  private final List<Bound> first = new ArrayList<>();

  /** By what stands behind the {@code *.}; of several that match the longest wins. */
  private final Map<Origin, TokenSource> wildcards = new LinkedHashMap<>();

  private final EndpointRules rules;

  Bindings(EndpointRules rules) {
    this.rules = rules;
  }

  /** Binds an origin, or with {@code https://*.example.com} every host below another. */
  void bind(String text, TokenSource source) {
    boolean isWildcard = text.contains(WILDCARD);
    URI uri = parse(isWildcard ? text.replace(WILDCARD, "://") : text);
    if (uri.getScheme() == null) {
      throw new IllegalArgumentException(
          "The scheme is missing, as in https://api.example.com: " + Urls.shown(text));
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    boolean hasMore = uri.getRawQuery() != null || uri.getRawFragment() != null;
    if (hasMore || !(path.isEmpty() || path.equals("/"))) {
      throw new IllegalArgumentException(
          "Tokens are bound to origins (scheme, host, port), and this has more: "
              + Urls.shown(text));
    }
    Origin origin = origin(uri, text);
    rules.check("origin of an API", origin.toUri());
    if (isWildcard) {
      requireDomainOverHttps(origin, text);
      refuseTwice(wildcards.putIfAbsent(origin, source), withWildcard(origin));
    } else {
      refuseTwice(exact.putIfAbsent(origin, source), origin.toString());
      if (first.size() < FEW) {
        first.add(new Bound(origin, source));
      }
    }
  }

  private static void refuseTwice(@Nullable TokenSource earlier, String shown) {
    if (earlier != null) {
      throw new IllegalArgumentException(
          shown + " is bound twice; one origin gets the tokens of one grant.");
    }
  }

  private static URI parse(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Not an origin such as https://api.example.com: " + Urls.shown(text));
    }
  }

  private static Origin origin(URI uri, String text) {
    try {
      return Origin.of(uri);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage() + " It cannot be bound: " + Urls.shown(text));
    }
  }

  /** Plain http is for hosts named one by one. */
  private static void requireDomainOverHttps(Origin origin, String text) {
    if (!origin.scheme().equals("https")) {
      throw new IllegalArgumentException("A wildcard is for https alone: " + text);
    }
    if (!origin.host().contains(".")) {
      throw new IllegalArgumentException("A wildcard needs a domain of its own below it: " + text);
    }
  }

  /** What a request is bound to, if that is seen at a glance; null when it has to be looked for. */
  @Nullable Bound glance(OutgoingRequest request) {
    for (Bound bound : first) {
      if (request.isPlainlyAt(bound.origin())) {
        return bound;
      }
    }
    return null;
  }

  @Nullable TokenSource find(Origin origin) {
    TokenSource source = exact.get(origin);
    if (source != null) {
      return source;
    }
    return wildcards.keySet().stream()
        .filter(parent -> isBelow(parent, origin))
        .max(Comparator.comparingInt(parent -> parent.host().length()))
        .map(wildcards::get)
        .orElse(null);
  }

  boolean hasHost(String host) {
    return exact.keySet().stream().anyMatch(each -> each.host().equals(host))
        || wildcards.keySet().stream().anyMatch(each -> host.endsWith("." + each.host()));
  }

  private static boolean isBelow(Origin parent, Origin origin) {
    return origin.scheme().equals(parent.scheme())
        && origin.port() == parent.port()
        && origin.host().endsWith("." + parent.host());
  }

  private static String withWildcard(Origin parent) {
    return parent.toString().replace("://", WILDCARD);
  }

  @Override
  public String toString() {
    List<String> all = new ArrayList<>(exact.keySet().stream().map(Origin::toString).toList());
    wildcards.keySet().forEach(parent -> all.add(withWildcard(parent)));
    return all.isEmpty() ? "nothing" : String.join(", ", all);
  }
}
