package dev.everbearer.challenge;

import java.util.List;
import java.util.function.Function;

/**
 * Says of an API's answer that it refuses the token, for APIs that do not say so by 401 and {@code
 * WWW-Authenticate} (RFC 6750 section 3). Such an answer counts as {@code invalid_token}: the token
 * is renewed and the request sent again, once, if its body can be. Must be thread-safe, and must
 * not block.
 */
@FunctionalInterface
public interface TokenRefusal {

  /**
   * Whether the token was refused. Asked for each answer with a status from 400 to 499 but 401, of
   * which the API promises thereby that it has not carried out the request. What it throws counts
   * as no.
   *
   * @param headers gives the values of all lines of a header field, by its name; empty when there
   *     is none
   */
  boolean isIn(int status, Function<String, List<String>> headers);

  /** Takes the standard way alone: 401. */
  static TokenRefusal none() {
    return (status, headers) -> false;
  }
}
