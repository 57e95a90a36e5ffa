package dev.everbearer.login.internal;

import java.security.SecureRandom;
import java.util.Base64;

/** Texts of 256 random bits, for what nobody may guess. Thread-safe. */
final class Unguessable {

  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Unguessable() {}

  /** 43 characters of the base64url alphabet, which are all unreserved in URLs. */
  static String text() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
