package dev.everbearer.testing.server;

import java.util.List;
import java.util.Locale;

/** The bearer tokens of those endpoints that take no access tokens. */
final class BearerToken {

  private BearerToken() {}

  /** The token of a request; empty without one. */
  static String of(RecordedRequest request) {
    List<String> authorizations = request.headers("Authorization");
    boolean isOne =
        authorizations.size() == 1
            && authorizations.get(0).toLowerCase(Locale.ROOT).startsWith("bearer ");
    return isOne ? authorizations.get(0).substring(7).strip() : "";
  }

  static Answer refuse() {
    return Refusal.of(401, "invalid_token").toAnswer(List.of("Bearer realm=\"registration\""));
  }
}
