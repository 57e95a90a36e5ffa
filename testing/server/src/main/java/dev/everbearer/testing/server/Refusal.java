package dev.everbearer.testing.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why a protected resource refuses a request; the texts go into its challenges. */
final class Refusal extends RuntimeException {

  private final int status;
  private final Map<String, String> attributes;

  private Refusal(int status, Map<String, String> attributes) {
    super(String.join(" ", attributes.values()), null, false, false);
    this.status = status;
    this.attributes = attributes;
  }

  /** A request without any token. */
  static Refusal unauthenticated() {
    return new Refusal(401, Map.of());
  }

  /**
   * A refusal with an error code.
   *
   * @param more further attributes: names and values in turn
   */
  static Refusal of(int status, String error, String... more) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("error", error);
    for (int i = 0; i < more.length; i += 2) {
      attributes.put(more[i], more[i + 1]);
    }
    return new Refusal(status, attributes);
  }

  /** The answer with a challenge for each of some schemes, each with its own attributes before. */
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
