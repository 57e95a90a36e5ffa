package dev.everbearer.server.internal;

import dev.everbearer.server.AuthorizationServer;

/** Knows the authorization server, now or after asking it. */
@FunctionalInterface
public interface ServerDirectory {

  /**
   * The server's metadata; may block for an exchange when it is not known yet or too old.
   *
   * @throws dev.everbearer.token.OAuthException when it cannot be found
   * @throws InterruptedException when interrupted
   */
  AuthorizationServer server() throws InterruptedException;
}
