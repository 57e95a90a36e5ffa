package dev.everbearer.testing.server;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was granted to whom.
 *
 * @param clientId the client
 * @param scope the scope tokens
 * @param audience the resources and audiences
 * @param login the person who granted it; null if the client acts for itself
 * @param details the authorization details
 */
record Grant(
    String clientId,
    List<String> scope,
    List<String> audience,
    @Nullable Login login,
    List<Map<String, Object>> details) {

  /** A part of this grant; what is not asked for stays as it is. */
  Grant narrowedTo(
      List<String> askedScope, List<String> askedAudience, List<Map<String, Object>> askedDetails) {
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
        login,
        askedDetails.isEmpty() ? details : detailsOfTypes(askedDetails));
  }

  private List<Map<String, Object>> detailsOfTypes(List<Map<String, Object>> asked) {
    List<String> types = asked.stream().map(AuthorizationDetails::type).toList();
    List<Map<String, Object>> part =
        details.stream().filter(each -> types.contains(AuthorizationDetails.type(each))).toList();
    List<String> granted = part.stream().map(AuthorizationDetails::type).toList();
    if (!granted.containsAll(types)) {
      throw AuthorizationDetails.invalid("The authorization details were not granted: " + types);
    }
    return part;
  }
}
