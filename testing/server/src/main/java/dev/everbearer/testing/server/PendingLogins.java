package dev.everbearer.testing.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The logins that are going on on other devices. Thread-safe. */
final class PendingLogins {

  /** A login that came to a good end. */
  record Decided(PendingLogin pending, Login login) {}

  private final InstantSource clock;
  private final Map<String, PendingLogin> byId = new LinkedHashMap<>();

  PendingLogins(InstantSource clock) {
    this.clock = clock;
  }

  synchronized PendingLogin start(
      String id,
      RegisteredClient client,
      OAuthForm parameters,
      Duration lifetime,
      Duration interval) {
    PendingLogin pending =
        new PendingLogin(id, client, parameters, clock.instant().plus(lifetime), interval);
    byId.put(id, pending);
    return pending;
  }

  /**
   * Asks how a login goes. One that was granted is gone afterwards.
   *
   * @throws OAuthError if it is not granted, or not yet
   */
  synchronized Decided poll(String id, RegisteredClient client) {
    PendingLogin pending = byId.get(id);
    if (pending == null || !pending.client().id().equals(client.id())) {
      throw OAuthError.of("invalid_grant", "The code is unknown, was used or is another client's");
    }
    Login login = pending.poll(clock.instant());
    byId.remove(id);
    return new Decided(pending, login);
  }

  /**
   * Changes a login.
   *
   * @throws IllegalArgumentException if there is none of this id
   */
  synchronized PendingLogin change(String id, Consumer<PendingLogin> change) {
    PendingLogin pending = byId.get(id);
    if (pending == null) {
      throw new IllegalArgumentException("No login waits under this code");
    }
    change.accept(pending);
    return pending;
  }

  /** The ids of those that nobody has decided about, oldest first. */
  synchronized List<String> open() {
    return byId.values().stream().filter(PendingLogin::isOpen).map(PendingLogin::id).toList();
  }
}
