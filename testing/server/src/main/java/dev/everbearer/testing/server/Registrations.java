package dev.everbearer.testing.server;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The clients that registered themselves, and the tokens they manage that with. Thread-safe. */
final class Registrations {

  /** What only the server says about a client, and a client must not (RFC 7592 section 2.2). */
  static final List<String> SERVERS_OWN =
      List.of(
          "registration_access_token",
          "registration_client_uri",
          "client_secret_expires_at",
          "client_id_issued_at");

  private static final Set<String> WITH_SECRET =
      Set.of("client_secret_basic", "client_secret_post", "client_secret_jwt");

  private final InstantSource clock;
  private final ClientRegistry clients;
  private final RegistrationScript script;
  private final Function<String, URI> places;
  private final Map<String, String> accessTokens = new ConcurrentHashMap<>();

  /**
   * None at first.
   *
   * @param places finds the client configuration endpoint of a client
   */
  Registrations(
      InstantSource clock,
      ClientRegistry clients,
      RegistrationScript script,
      Function<String, URI> places) {
    this.clock = clock;
    this.clients = clients;
    this.script = script;
    this.places = places;
  }

  boolean isRightToken(String clientId, String accessToken) {
    return accessToken.equals(accessTokens.get(clientId));
  }

  /** Registers a client anew, or puts other metadata in place of those it had. */
  Map<String, Object> put(String clientId, Map<String, Object> checked) {
    RegisteredClient before = clients.find(clientId).orElse(null);
    boolean fresh = before == null || script.isRotating();
    Map<String, Object> metadata = script.alteration().apply(new LinkedHashMap<>(checked));
    String secret = secret(metadata, fresh ? null : before);
    if (secret != null) {
      metadata.put("client_secret_expires_at", expiry(fresh ? null : before));
    }
    metadata.put("client_id_issued_at", clock.instant().getEpochSecond());
    clients.put(new RegisteredClient(clientId, secret, metadata));
    if (fresh) {
      accessTokens.put(clientId, RandomValues.next("reg-"));
    }
    return describe(clientId);
  }

  private static @Nullable String secret(
      Map<String, Object> metadata, @Nullable RegisteredClient before) {
    boolean wanted = WITH_SECRET.contains(metadata.get("token_endpoint_auth_method"));
    if (!wanted) {
      return null;
    }
    return before != null && before.secret() != null
        ? before.secret()
        : RandomValues.next("secret-");
  }

  private Object expiry(@Nullable RegisteredClient before) {
    Object known = before == null ? null : before.metadata().get("client_secret_expires_at");
    if (known != null) {
      return known;
    }
    Duration lifetime = script.secretLifetime();
    Instant end = lifetime == null ? Instant.EPOCH : clock.instant().plus(lifetime);
    return end.getEpochSecond();
  }

  /** Everything about a client, as RFC 7591 section 3.2.1 and RFC 7592 section 3 want it. */
  Map<String, Object> describe(String clientId) {
    RegisteredClient client = clients.find(clientId).orElseThrow();
    Map<String, Object> document = new LinkedHashMap<>(client.metadata());
    document.put("client_id", clientId);
    if (client.secret() != null) {
      document.put("client_secret", client.secret());
    }
    document.put("registration_access_token", Objects.requireNonNull(accessTokens.get(clientId)));
    document.put("registration_client_uri", places.apply(clientId).toString());
    return document;
  }

  void checkSecret(String clientId, Object secret) {
    if (!secret.equals(clients.find(clientId).orElseThrow().secret())) {
      throw OAuthError.invalidRequest("The client_secret is not the one issued");
    }
  }

  void remove(String clientId) {
    accessTokens.remove(clientId);
    clients.remove(clientId);
  }
}
