package dev.everbearer.store;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.wire.Urls;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Who gave a refresh token.
 *
 * @param issuer the issuer identifier; null when only endpoints were configured
 * @param tokenEndpoint the token endpoint it came from
 */
public record ServerIdentity(@Nullable String issuer, URI tokenEndpoint) {

  /** The identity of a server. */
  public static ServerIdentity of(AuthorizationServer server) {
    return new ServerIdentity(server.issuer().orElse(null), server.tokenEndpoint());
  }

  /**
   * Whether both are the same server: by issuer where both have one, else by token endpoint, so
   * that a configuration may move from an endpoint to its issuer.
   */
  public boolean isSameServer(ServerIdentity other) {
    return (issuer != null && other.issuer != null)
        ? issuer.equals(other.issuer)
        : tokenEndpoint.equals(other.tokenEndpoint);
  }

  /** The issuer, or the token endpoint without its query, which may be somebody's secret. */
  @Override
  public String toString() {
    return issuer == null ? Urls.shown(tokenEndpoint) : issuer;
  }
}
