package dev.everbearer.login.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.OAuthException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which server's answers come to which redirect URI, in this process. Two servers that do not name
 * themselves in their answers must not share one (RFC 9700 section 4.4.2): an answer of one could
 * be passed off as the other's, and its code sent there. Thread-safe.
 */
final class RedirectClaims {

  static final RedirectClaims OF_PROCESS = new RedirectClaims();

  private final Map<Object, Map<String, String>> claims = new WeakHashMap<>(); // guarded by this

  /**
   * Notes that a client waits for answers of a server at a redirect URI.
   *
   * @param owner lives as long as the client
   * @param place the redirect URI, without what may be different each time
   * @throws OAuthException if another server that does not name itself is waited for there
   */
  void claim(Object owner, String place, AuthorizationServer server) {
    if (server.says("authorization_response_iss_parameter_supported")) {
      return;
    }
    String name = PendingAuthorization.nameOf(server);
    String other = take(owner, place, name);
    if (other != null) {
      throw LoginFailures.of(
          server,
          "another client in this process has the same redirect URI for another server, and neither"
              + " server names itself in its answers (iss), so that one could be taken for the"
              + " other's. Give each server a redirect URI of its own, or close the other client.");
    }
  }

  private synchronized @Nullable String take(Object owner, String place, String name) {
    for (Map<String, String> each : claims.values()) {
      String holder = each.get(place);
      if (holder != null && !holder.equals(name)) {
        return holder;
      }
    }
    claims
        .computeIfAbsent(Objects.requireNonNull(owner), unused -> new HashMap<>())
        .put(place, name);
    return null;
  }

  /** Forgets what a client waits for. */
  synchronized void release(Object owner) {
    claims.remove(owner);
  }
}
