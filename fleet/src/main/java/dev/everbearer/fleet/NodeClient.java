package dev.everbearer.fleet;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.server.ReuseWindow;
import java.time.Duration;

/** How all nodes set up their client: the same registration, so that they share its grants. */
final class NodeClient {

  static final String ID = "fleet";
  static final String SECRET = "fleet-secret";

  private NodeClient() {}

  /** Without a store and an outbox, which the caller adds. */
  static OAuthClientBuilder builder(String tokenEndpoint, Duration exchange, ReuseWindow window) {
    return OAuthClient.builder()
        .tokenEndpoint(tokenEndpoint)
        .clientSecretBasic(ID, SECRET)
        .storedAs(ID)
        .exchangeTimeout(exchange)
        .profile(ProviderProfile.builder().reuseWindow(window).build());
  }
}
