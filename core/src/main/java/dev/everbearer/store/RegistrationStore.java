package dev.everbearer.store;

import dev.everbearer.client.ClientRegistration;
import java.util.Optional;

/**
 * Keeps how a program is registered, once for each authorization server. Implementations are
 * thread-safe, may block, and keep what was {@link #put} until it is replaced or removed. They hold
 * credentials: what outlives the process is to be encrypted.
 */
public interface RegistrationStore {

  /**
   * The registration at a server; empty when there is none.
   *
   * @param issuer the server's issuer identifier
   * @throws dev.everbearer.token.OAuthException when it cannot be told; what is kept stays
   */
  Optional<ClientRegistration> get(String issuer);

  /**
   * Keeps a registration in place of what was kept for this server.
   *
   * @throws dev.everbearer.token.OAuthException when it could not be kept; what was stays
   */
  void put(String issuer, ClientRegistration registration);

  /**
   * Forgets the registration at a server, if there is one. The server is told nothing.
   *
   * @throws dev.everbearer.token.OAuthException when it could not be forgotten
   */
  void remove(String issuer);
}
