package dev.everbearer.testing.server;

import java.util.List;

/**
 * What was granted to whom.
 *
 * @param clientId the client
 * @param scope the scope tokens
 * @param audience the resources and audiences
 */
record Grant(String clientId, List<String> scope, List<String> audience) {

  /** A part of this grant; what is not asked for stays as it is. */
  Grant narrowedTo(List<String> askedScope, List<String> askedAudience) {
    if (!scope.containsAll(askedScope)) {
      throw OAuthError.of("invalid_scope", "The scope exceeds what was granted: " + askedScope);
    }
    return new Grant(
        clientId,
        askedScope.isEmpty() ? scope : askedScope,
        askedAudience.isEmpty() ? audience : askedAudience);
  }
}
