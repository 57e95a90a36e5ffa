package dev.everbearer.testing.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why a protected resource refuses a request; the attributes go into its challenges. */
final class Refusal extends RuntimeException {

  private final int status;
  private final Map<String, String> attributes;

  private Refusal(int status, Map<String, String> attributes) {
    super(String.join(" ", attributes.values()), null, false, false);
    this.status = status;
    this.attributes = Collections.unmodifiableMap(attributes);
  }

  /** A request without any token. */
  static Refusal unauthenticated() {
    return new Refusal(401, Map.of());
  }

  static Refusal of(int status, String error) {
    return new Refusal(status, Map.of("error", error));
  }

  static Refusal of(int status, String error, String attribute, String value) {
    return of(status, error).with(attribute, value);
  }

  /** With one more attribute. */
  Refusal with(String attribute, String value) {
    Map<String, String> more = new LinkedHashMap<>(attributes);
    more.put(attribute, value);
    return new Refusal(status, more);
  }

  /** The answer with challenges, to each of which the attributes are added. */
  Answer toAnswer(List<String> challenges) {
    StringBuilder suffix = new StringBuilder();
    attributes.forEach(
        (name, value) ->
            suffix.append(", ").append(name).append("=\"").append(quotable(value)).append('"'));
    Answer answer = Answer.status(status);
    for (String challenge : challenges) {
      answer = answer.header("WWW-Authenticate", challenge + suffix);
    }
    return answer;
  }

  /** Nothing that would have to be escaped. */
  private static String quotable(String value) {
    return value.replaceAll("[^ !#-\\[\\]-~]", "'");
  }
}
