package dev.everbearer.testing.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The authorization requests that were pushed and not used yet (RFC 9126). Thread-safe. */
final class PushedRequests {

  private record Pushed(String clientId, OAuthForm parameters, Instant expiresAt) {}

  private static final String PREFIX = "urn:ietf:params:oauth:request_uri:";

  private final InstantSource clock;
  private final Map<String, Pushed> byUri = new HashMap<>();

  PushedRequests(InstantSource clock) {
    this.clock = clock;
  }

  synchronized String add(String clientId, OAuthForm parameters, Duration lifetime) {
    String uri = RandomValues.next(PREFIX);
    byUri.put(uri, new Pushed(clientId, parameters, clock.instant().plus(lifetime)));
    return uri;
  }

  /**
   * The parameters that were pushed; they are gone afterwards.
   *
   * @throws OAuthError if there are none, or no longer
   */
  synchronized OAuthForm take(String requestUri, String clientId) {
    Pushed pushed = byUri.remove(requestUri);
    if (pushed == null || !pushed.clientId().equals(clientId)) {
      throw invalid("The request_uri is unknown, was used before or is another client's");
    }
    if (!clock.instant().isBefore(pushed.expiresAt())) {
      throw invalid("The request_uri is expired");
    }
    return pushed.parameters();
  }

  private static OAuthError invalid(String description) {
    return OAuthError.of("invalid_request_uri", description);
  }
}
