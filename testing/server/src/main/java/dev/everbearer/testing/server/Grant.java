package dev.everbearer.testing.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was granted to whom.
 *
 * @param clientId the client
 * @param scope the scope tokens
 * @param audience the resources and audiences
 * @param login the person who granted it; null if the client acts for itself
 */
record Grant(String clientId, List<String> scope, List<String> audience, @Nullable Login login) {

  Grant(String clientId, List<String> scope, List<String> audience) {
    this(clientId, scope, audience, null);
  }

  /** A part of this grant; what is not asked for stays as it is. */
  Grant narrowedTo(List<String> askedScope, List<String> askedAudience) {
    if (!scope.containsAll(askedScope)) {
      throw OAuthError.of("invalid_scope", "The scope exceeds what was granted: " + askedScope);
    }
    if (!audience.isEmpty() && !audience.containsAll(askedAudience)) {
      throw OAuthError.of("invalid_target", "The resource was not granted: " + askedAudience);
    }
    return new Grant(
        clientId,
        askedScope.isEmpty() ? scope : askedScope,
        askedAudience.isEmpty() ? audience : askedAudience,
        login);
  }
}
