package dev.everbearer.server.internal;

import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.server.internal.CachedDocument.Found;
import dev.everbearer.server.internal.ResourceMetadataReader.UnusableResourceException;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.HttpFailures;
import dev.everbearer.wire.Redirects;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import dev.everbearer.wire.Urls;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the metadata of the resource behind a URL (RFC 9728 sections 3 and 5). */
final class ResourceDiscovery {

  private static final String NAME = "resource metadata";

  private final URI url;
  private final boolean allowsPrefix;
  private final Set<String> allowedHosts;
  private final EndpointRules rules;
  private final DocumentFetcher fetcher;

  ResourceDiscovery(
      URI url,
      boolean allowsPrefix,
      Set<String> allowedHosts,
      EndpointRules rules,
      DocumentFetcher fetcher) {
    this.url = url;
    this.allowsPrefix = allowsPrefix;
    this.allowedHosts = allowedHosts;
    this.rules = rules;
    this.fetcher = fetcher;
  }

  /**
   * The document that a challenge named; without one that of the path, then that of the origin.
   *
   * @param named the {@code resource_metadata} of the challenge; null when it named none
   */
  Found<ResourceMetadata> find(@Nullable URI named) throws InterruptedException {
    if (named != null) {
      return read(fetch(checked(named)), url);
    }
    URI location = ResourceIdentifier.location(url);
    HttpAnswer answer = fetcher.get(NAME, location);
    URI rootLocation = ResourceIdentifier.rootLocation(url);
    boolean isThere =
        (answer.status() == 200 && isJson(answer.mediaType()))
            || HttpFailures.serverTrouble(NAME, answer) != null;
    return isThere || !allowsPrefix || rootLocation.equals(location)
        ? read(answer, url)
        : read(fetch(rootLocation), url);
  }

  private HttpAnswer fetch(URI location) throws InterruptedException {
    return fetcher.get(NAME, location);
  }

  /** RFC 9728 section 7.7: the API itself says where its metadata is, or a host that is listed. */
  private URI checked(URI named) {
    try {
      rules.check(NAME, named);
    } catch (IllegalArgumentException e) {
      throw refused(named, String.valueOf(e.getMessage()));
    }
    String host = named.getHost().toLowerCase(Locale.ROOT);
    if (!ResourceIdentifier.isSameOrigin(named, url) && !allowedHosts.contains(host)) {
      throw refused(
          named,
          "It stands on another origin than %s. If that is meant so, allow its host."
              .formatted(Urls.shown(url)));
    }
    return named;
  }

  private Found<ResourceMetadata> read(HttpAnswer answer, URI expected) {
    Failure trouble = HttpFailures.serverTrouble(NAME, answer);
    if (trouble != null) {
      throw trouble.toException();
    }
    if (answer.status() != 200 || !isJson(answer.mediaType())) {
      throw refused(
          answer.uri(),
          "It answered %d%s, and no JSON. Give the authorization server by issuer(...) instead."
              .formatted(answer.status(), Redirects.told(answer)));
    }
    try {
      ResourceMetadata found =
          new ResourceMetadataReader(expected, allowsPrefix, rules)
              .read(StrictJson.object(answer.body()));
      return new Found<>(found, answer.header("cache-control").orElse(null));
    } catch (BrokenJsonException | UnusableResourceException e) {
      throw refused(answer.uri(), "It cannot be used: " + e.getMessage() + ".");
    }
  }

  private static boolean isJson(String mediaType) {
    return mediaType.equals("application/json") || mediaType.endsWith("+json");
  }

  private static RuntimeException refused(URI place, String why) {
    return Failure.builder(
            FailureKind.REFUSED,
            "The resource metadata %s was not taken. %s".formatted(Urls.shown(place), why))
        .endpoint(URI.create(Urls.shown(place)))
        .build()
        .toException();
  }
}
