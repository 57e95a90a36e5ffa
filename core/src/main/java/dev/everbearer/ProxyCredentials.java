package dev.everbearer;

import dev.everbearer.token.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/**
 * What a proxy is told (RFC 7617).
 *
 * @param field the value of {@code Proxy-Authorization}
 */
record ProxyCredentials(Secret field) {

  /**
   * Those of a user.
   *
   * @throws IllegalArgumentException if the user has a colon, or either has a control character
   *     (section 2)
   */
  static ProxyCredentials basic(String user, String password) {
    if (Objects.requireNonNull(user, "user").isEmpty() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "The user name for a proxy is not empty, and has no colon.");
    }
    requireNoControls(user);
    requireNoControls(Objects.requireNonNull(password, "password"));
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    String encoded = Base64.getEncoder().encodeToString(both);
    return new ProxyCredentials(Secret.of("Basic " + encoded));
  }

  private static void requireNoControls(String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "The user name or the password for a proxy has a control character, such as a line end.");
    }
  }
}
