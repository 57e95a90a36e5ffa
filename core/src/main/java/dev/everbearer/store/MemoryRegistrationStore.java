package dev.everbearer.store;

import dev.everbearer.client.ClientRegistration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Keeps registrations in this process: they end with it, and the next one registers anew. */
public final class MemoryRegistrationStore implements RegistrationStore {

  private final ConcurrentMap<String, ClientRegistration> registrations = new ConcurrentHashMap<>();

  /** An empty store. */
  public MemoryRegistrationStore() {}

  @Override
  public Optional<ClientRegistration> get(String issuer) {
    return Optional.ofNullable(registrations.get(issuer));
  }

  @Override
  public void put(String issuer, ClientRegistration registration) {
    registrations.put(issuer, Objects.requireNonNull(registration, "registration"));
  }

  @Override
  public void remove(String issuer) {
    registrations.remove(issuer);
  }

  /** The issuers. */
  @Override
  public String toString() {
    return "MemoryRegistrationStore" + registrations.keySet();
  }
}
