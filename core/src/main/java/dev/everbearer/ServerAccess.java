package dev.everbearer;

import dev.everbearer.client.ClientCertificate;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ExpectedIssuer;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.server.internal.CachedDirectory;
import dev.everbearer.server.internal.ServerDirectory;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.GuardedTransport;
import dev.everbearer.wire.LearntUrls;
import dev.everbearer.wire.Transport;
import dev.everbearer.wire.Urls;
import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a configured server is reached and found out about: by its issuer or its endpoints, and never
 * further than the user's own URL leads.
 */
final class ServerAccess {

  private final OAuthClientBuilder settings;

  ServerAccess(OAuthClientBuilder settings) {
    this.settings = settings;
  }

  EndpointRules rules() {
    return new EndpointRules(settings.allowsLoopback, Set.copyOf(settings.plainHttpHosts));
  }

  /**
   * How connections are made.
   *
   * @param shown the client certificate; null when there is none
   */
  Connections connections(@Nullable ClientCertificate shown) {
    return new Connections(
        settings.httpClient,
        settings.proxy,
        settings.proxyCredentials,
        settings.sslContext,
        settings.trusted,
        shown,
        settings.connectTimeout,
        settings.isFapi2);
  }

  /**
   * How the server's deviations are taken: as the user says, else as it is known to need; FAPI 2.0
   * knows no deviations.
   */
  ProviderProfile profile() {
    if (settings.isFapi2) {
      return ProviderProfile.strict();
    }
    ProviderProfile given = settings.profile;
    return given != null ? given : profileOfKnownServer();
  }

  private ProviderProfile profileOfKnownServer() {
    String server =
        settings.issuer != null ? settings.issuer : String.valueOf(settings.tokenEndpoint);
    return ProviderProfile.forServer(server).orElse(ProviderProfile.standard());
  }

  /** By the name that it is configured by; nothing else is known of it yet. */
  AuthorizationServer asConfigured() {
    URI endpoint = settings.tokenEndpoint;
    if (endpoint != null) {
      return AuthorizationServer.ofEndpoints(endpoint, Map.of());
    }
    String identifier = String.valueOf(settings.issuer);
    return AuthorizationServer.discovered(
        identifier, Urls.parse("issuer", identifier), null, Map.of());
  }

  /** Without the query, which may be somebody's secret. */
  String serverName() {
    return Urls.shown(
        settings.issuer != null ? settings.issuer : String.valueOf(settings.tokenEndpoint));
  }

  ServerDirectory directory(EndpointRules rules, Transport transport) {
    URI endpoint = settings.tokenEndpoint;
    String identifier = settings.issuer;
    if ((endpoint == null) == (identifier == null)) {
      throw new IllegalStateException(
          "Give the server either as issuer(...) or as tokenEndpoint(...), not "
              + (endpoint == null ? "neither." : "both."));
    }
    if (endpoint != null) {
      settings.endpoints.forEach((each, url) -> rules.check(each.toString(), url));
      AuthorizationServer server =
          AuthorizationServer.ofEndpoints(
              rules.check("token endpoint", endpoint), settings.endpoints);
      return () -> server;
    }
    if (!settings.endpoints.isEmpty()) {
      throw new IllegalStateException(
          "An issuer's metadata names its endpoints; endpoint(...) goes with tokenEndpoint(...).");
    }
    requireIssuer(rules, Objects.requireNonNull(identifier));
    return new CachedDirectory(
        identifier,
        expectedIssuer(),
        rules,
        transport,
        settings.headers,
        settings.exchangeTimeout,
        settings.nanoTime,
        settings.refetcher);
  }

  /** A server that an API has named is not the one that the user had in mind. */
  private @Nullable ExpectedIssuer expectedIssuer() {
    return settings.learntFrom == null ? profile().expectedIssuer().orElse(null) : null;
  }

  private static void requireIssuer(EndpointRules rules, String identifier) {
    URI uri = rules.check("issuer", Urls.parse("issuer", identifier));
    if (uri.getRawQuery() != null) {
      throw new IllegalArgumentException(
          "An issuer has no query (RFC 8414 section 2): " + Urls.shown(identifier));
    }
  }

  /** Before what servers name; the URL that the user gave is the measure. */
  Transport guarded(Transport transport) {
    URI given =
        settings.learntFrom != null || settings.issuer == null
            ? settings.learntFrom
            : Urls.parse("issuer", settings.issuer);
    return given == null ? transport : new GuardedTransport(transport, learntFrom(given));
  }

  /** What may be called of all that is learnt from a URL of the user's. */
  LearntUrls learntFrom(URI given) {
    Set<String> listed = new HashSet<>(settings.internalHosts);
    listed.addAll(settings.plainHttpHosts);
    return new LearntUrls(given, listed);
  }
}
