package dev.everbearer.testing.server;

import java.security.SecureRandom;
import java.util.Base64;

/** Values that nobody can guess. Thread-safe. */
final class RandomValues {

  private static final int BYTES = 24;
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomValues() {}

  static String next(String prefix) {
    byte[] octets = new byte[BYTES];
    RANDOM.nextBytes(octets);
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }
}
