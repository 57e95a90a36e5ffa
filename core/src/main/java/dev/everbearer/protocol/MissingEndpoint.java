package dev.everbearer.protocol;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;

/** Says that a server does not have what is wanted of it. */
public final class MissingEndpoint {

  private MissingEndpoint() {}

  /** The failure of a call that was not made. */
  public static Failure failure(AuthorizationServer server, Endpoint endpoint) {
    return Failure.builder(
            FailureKind.REFUSED,
            "The server %s has no %s: its metadata has no %s. Use what it offers, or ask its"
                    .formatted(server, endpoint, endpoint.member())
                + " operator.")
        .endpoint(server.tokenEndpoint())
        .build();
  }
}
