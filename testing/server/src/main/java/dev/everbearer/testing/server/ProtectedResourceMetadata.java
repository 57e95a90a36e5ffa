package dev.everbearer.testing.server;

import java.net.URI;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The metadata that an API publishes about its resources (RFC 9728). At first there are none.
 * Thread-safe.
 */
public final class ProtectedResourceMetadata {

  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

  private final Supplier<URI> origin;
  private final Supplier<String> issuer;
  private final DpopRules dpop;
  private final Set<String> resources = new ConcurrentSkipListSet<>();
  private final Map<String, Object> overrides = new ConcurrentHashMap<>();
  private final Set<String> removed = ConcurrentHashMap.newKeySet();
  private volatile boolean challenging = true;
  private volatile @Nullable String challengedUrl;

  ProtectedResourceMetadata(Supplier<URI> origin, Supplier<String> issuer, DpopRules dpop) {
    this.origin = origin;
    this.issuer = issuer;
    this.dpop = dpop;
  }

  /**
   * Publishes the metadata of a resource, and names them in the challenges at its path and below.
   *
   * @param pathAndQuery what the resource identifier has behind the origin; empty for the origin
   *     itself
   */
  public ProtectedResourceMetadata publish(String pathAndQuery) {
    resources.add(pathAndQuery);
    return this;
  }

  /** Publishes the metadata of a resource no longer. */
  public ProtectedResourceMetadata withdraw(String pathAndQuery) {
    resources.remove(pathAndQuery);
    return this;
  }

  /** Adds entries to all documents, in place of those of the same names. */
  public ProtectedResourceMetadata entries(Map<String, ?> entries) {
    removed.removeAll(entries.keySet());
    overrides.putAll(entries);
    return this;
  }

  /** Leaves entries out of all documents. */
  public ProtectedResourceMetadata without(String... names) {
    removed.addAll(Arrays.asList(names));
    return this;
  }

  /** Whether challenges name the metadata in {@code resource_metadata}; they do at first. */
  public ProtectedResourceMetadata nameInChallenges(boolean value) {
    challenging = value;
    return this;
  }

  /** Names this URL in challenges, whatever is published; null for the true one. */
  public ProtectedResourceMetadata nameInChallenges(@Nullable String url) {
    challengedUrl = url;
    return this;
  }

  /** Where the metadata of a resource is. */
  public URI uri(String pathAndQuery) {
    String slash = pathAndQuery.equals("/") ? "" : pathAndQuery;
    return URI.create(origin.get() + WELL_KNOWN + slash);
  }

  boolean isAt(RecordedRequest request) {
    return resources.stream().anyMatch(each -> isAt(each, request));
  }

  private boolean isAt(String resource, RecordedRequest request) {
    return uri(resource).toString().equals(origin.get() + request.target());
  }

  Answer answer(RecordedRequest request) {
    String resource =
        resources.stream().filter(each -> isAt(each, request)).findFirst().orElseThrow();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("resource", origin.get() + resource);
    document.put("authorization_servers", List.of(issuer.get()));
    document.put("bearer_methods_supported", List.of("header"));
    document.put("dpop_signing_alg_values_supported", dpop.algorithms());
    document.put("dpop_bound_access_tokens_required", dpop.isRequired());
    document.putAll(overrides);
    document.keySet().removeAll(removed);
    return Answer.json(200, Json.write(document));
  }

  /** The URL that a challenge to a request names. */
  Optional<String> urlFor(RecordedRequest request) {
    if (!challenging) {
      return Optional.empty();
    }
    if (challengedUrl != null) {
      return Optional.of(challengedUrl);
    }
    return resources.stream()
        .filter(each -> isBelow(request.path(), each.replaceFirst("\\?.*", "")))
        .max(Comparator.comparingInt(String::length))
        .map(each -> uri(each).toString());
  }

  private static boolean isBelow(String path, String resource) {
    String directory = resource.endsWith("/") ? resource : resource + "/";
    return path.equals(resource) || path.startsWith(directory);
  }
}
