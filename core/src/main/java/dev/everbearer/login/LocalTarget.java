package dev.everbearer.login;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A place inside a web application to go on to after a login, such as the page that the person
 * asked for at first. Whoever redirects to what a request names, unchecked, helps others to lead
 * persons astray (RFC 9700 section 4.11).
 */
public final class LocalTarget {

  private LocalTarget() {}

  /**
   * The target itself, if it is a path of this application, with or without a query.
   *
   * @param target such as {@code /orders?open=1}
   * @throws IllegalArgumentException if a browser could take it for a place elsewhere: unless it
   *     starts with exactly one slash, and has neither backslash nor control character, not even
   *     encoded
   */
  public static String require(String target) {
    if (!isLocal(target) || !isLocal(decoded(target))) {
      throw new IllegalArgumentException(
          "The place to go to after the login is not a path of this application. Send the person"
              + " to the start page.");
    }
    return target;
  }

  private static boolean isLocal(String target) {
    return target.startsWith("/")
        && !target.startsWith("//")
        && target.indexOf('\\') < 0
        && target.chars().noneMatch(Character::isISOControl);
  }

  private static String decoded(String target) {
    int end = target.indexOf('?');
    return URLDecoder.decode(end < 0 ? target : target.substring(0, end), StandardCharsets.UTF_8);
  }
}
