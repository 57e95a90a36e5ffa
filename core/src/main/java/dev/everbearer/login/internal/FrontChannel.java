package dev.everbearer.login.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.wire.FormBody;

/** How an authorization request is brought to the server. Thread-safe. */
@FunctionalInterface
public interface FrontChannel {

  /**
   * What stands in the URL: the parameters themselves, or what refers to them.
   *
   * @throws dev.everbearer.token.OAuthException when the server does not take them
   * @throws InterruptedException when interrupted
   */
  FormBody inUrl(AuthorizationServer server, FormBody parameters) throws InterruptedException;
}
