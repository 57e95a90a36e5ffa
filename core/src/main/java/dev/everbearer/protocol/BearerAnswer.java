package dev.everbearer.protocol;

import dev.everbearer.challenge.Challenge;
import dev.everbearer.token.Failure;
import dev.everbearer.wire.HttpAnswer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer of an endpoint that wants a bearer token.
 *
 * @param http the answer
 * @param errors reads an error
 * @param isStrict whether harmless deviations are errors
 */
record BearerAnswer(HttpAnswer http, ErrorReader errors, boolean isStrict) {

  /** The object in an answer with status 200. */
  Map<String, Object> members() {
    requireStatus(200);
    return object();
  }

  /** The object in an answer of any status. */
  Map<String, Object> object() {
    return new ObjectAnswer(http, errors, isStrict).object();
  }

  void requireStatus(int expected) {
    if (http.status() != expected) {
      throw failure().toException();
    }
  }

  /** The failure: by the body, else by the challenge (RFC 6750 section 3). */
  Failure failure() {
    Failure byBody = errors.read(http);
    boolean isRefusal = http.status() == 401 || http.status() == 403;
    return isRefusal && byBody.error().isEmpty()
        ? errors.refusedToken(http, challengeError())
        : byBody;
  }

  /** The values of all {@code DPoP-Nonce} lines. */
  List<String> nonces() {
    return http.headers().getOrDefault("dpop-nonce", List.of());
  }

  private @Nullable String challengeError() {
    List<String> values = http.headers().getOrDefault("www-authenticate", List.of());
    return Challenge.parse(values).stream()
        .flatMap(challenge -> challenge.error().stream())
        .findFirst()
        .orElse(null);
  }
}
