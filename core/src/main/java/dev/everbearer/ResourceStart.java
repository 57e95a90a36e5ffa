package dev.everbearer;

import dev.everbearer.challenge.Challenge;
import dev.everbearer.http.Origin;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.server.internal.CachedDirectory;
import dev.everbearer.server.internal.CachedResource;
import dev.everbearer.server.internal.ResourceIdentifier;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.GuardedTransport;
import dev.everbearer.wire.HttpFailures;
import dev.everbearer.wire.LearntUrls;
import dev.everbearer.wire.Transport;
import dev.everbearer.wire.TransportException;
import dev.everbearer.wire.TransportException.Trouble;
import dev.everbearer.wire.Urls;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The questions before there is a client: of the API, and of an authorization server. */
final class ResourceStart implements AutoCloseable {

  private static final int MAX_BODY = 512 * 1024;

  /**
   * How to ask.
   *
   * @param rule which learnt URLs are called
   * @param metadataHosts hosts that may hold the API's metadata beside its own
   * @param toApi for the API and its metadata, which get nothing that is meant for the server
   * @param toServer for the authorization server
   * @param headers for the authorization server; of them the API gets the User-Agent
   */
  record Means(
      EndpointRules rules,
      LearntUrls rule,
      Set<String> metadataHosts,
      Transport toApi,
      Transport toServer,
      Map<String, String> headers,
      Duration exchangeTimeout,
      LongSupplier nanoTime) {

    private Map<String, String> headersToApi(String accepted) {
      Map<String, String> kept = new HashMap<>(headers);
      kept.keySet().removeIf(name -> !name.equalsIgnoreCase("User-Agent"));
      kept.put("Accept", accepted);
      return kept;
    }

    /** Without the headers. */
    @Override
    public String toString() {
      return "Means[" + rules + "]";
    }
  }

  /**
   * What a challenge of the API says.
   *
   * @param metadata where its metadata are; null when it does not say
   * @param scope what it wants; empty when it does not say
   */
  record Hint(@Nullable URI metadata, String scope) {

    static final Hint NONE = new Hint(null, "");
  }

  /**
   * Where the API is, and its metadata.
   *
   * @param origin of the API
   * @param metadata the URLs at which its metadata were looked for
   */
  record Place(String origin, Set<URI> metadata) {

    /** Whether challenges name a place that was not looked at. */
    boolean isLeftBy(List<String> challenges) {
      return named(challenges)
          .flatMap(challenge -> challenge.parameter("resource_metadata"))
          .filter(place -> metadata.stream().noneMatch(each -> each.toString().equals(place)))
          .isPresent();
    }
  }

  private final URI url;
  private final Means means;

  ResourceStart(URI url, Means means) {
    this.url = means.rules().check("URL of the API", url);
    this.means = means;
  }

  /** Calls the API without a token. An answer other than a challenge says nothing. */
  Hint hint() throws InterruptedException {
    Map<String, String> headers =
        means.headersToApi("application/json, text/event-stream;q=0.5, */*;q=0.1");
    try {
      List<String> challenges =
          means
              .toApi()
              .exchange(
                  new Transport.Call(
                      url, headers, null, MAX_BODY, means.exchangeTimeout(), false, null))
              .headers()
              .getOrDefault("www-authenticate", List.of());
      return hint(challenges);
    } catch (TransportException e) {
      if (e.trouble() == Trouble.UNCLEAR || e.trouble() == Trouble.UNREADABLE) {
        // It may stream for ever, or answer whatever it likes: that is no challenge.
        return Hint.NONE;
      }
      throw HttpFailures.ofReading("API", url, e).toException();
    }
  }

  private static Stream<Challenge> ofTokens(List<String> challenges) {
    return Challenge.parse(challenges).stream()
        .filter(each -> each.isScheme("Bearer") || each.isScheme("DPoP"));
  }

  private static Optional<Challenge> named(List<String> challenges) {
    return ofTokens(challenges)
        .filter(each -> each.parameter("resource_metadata").isPresent())
        .findFirst();
  }

  /** Where it was looked by this hint. */
  Place place(Hint hint) {
    URI named = hint.metadata();
    return new Place(
        Origin.of(url).toString(),
        named != null
            ? Set.of(named)
            : new HashSet<>(
                List.of(ResourceIdentifier.location(url), ResourceIdentifier.rootLocation(url))));
  }

  /** The scope may stand in a challenge that does not name the metadata (RFC 6750 section 3). */
  private static Hint hint(List<String> challenges) {
    Optional<Challenge> named = named(challenges);
    String scope =
        named
            .flatMap(Challenge::scope)
            .or(() -> ofTokens(challenges).flatMap(each -> each.scope().stream()).findFirst())
            .orElse("");
    return new Hint(named.map(ResourceStart::metadataUrl).orElse(null), scope);
  }

  private static URI metadataUrl(Challenge challenge) {
    String place = challenge.parameter("resource_metadata").orElse("");
    try {
      return Urls.parse("resource metadata", place);
    } catch (IllegalArgumentException e) {
      throw Failure.builder(
              FailureKind.REFUSED,
              "The API names resource metadata in its challenge that is no URL. Ask its operator.")
          .build()
          .toException();
    }
  }

  ResourceMetadata metadata(Hint hint) throws InterruptedException {
    CachedResource resource =
        new CachedResource(
            url,
            new CachedResource.Rules(true, means.metadataHosts(), means.rules()),
            new GuardedTransport(means.toApi(), means.rule()),
            means.headersToApi("application/json"),
            means.exchangeTimeout(),
            means.nanoTime(),
            Runnable::run);
    URI place = hint.metadata();
    if (place != null) {
      resource.named(place);
    }
    return resource.get();
  }

  AuthorizationServer server(String issuer) throws InterruptedException {
    return new CachedDirectory(
            issuer,
            null,
            means.rules(),
            new GuardedTransport(means.toServer(), means.rule()),
            means.headers(),
            means.exchangeTimeout(),
            means.nanoTime(),
            Runnable::run)
        .server();
  }

  @Override
  public void close() {
    means.toApi().close();
    means.toServer().close();
  }
}
