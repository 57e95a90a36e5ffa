package dev.everbearer.store;

import dev.everbearer.jose.Sha256;
import dev.everbearer.token.Secret;
import java.util.Objects;

/**
 * Tells one refresh token from another without showing either: SHA-256, base64url. Kept inside what
 * is sealed, so that nobody can try guesses against it.
 *
 * @param value the digest
 */
public record Fingerprint(String value) {

  /** Rejects null. */
  public Fingerprint {
    Objects.requireNonNull(value, "value");
  }

  /** The fingerprint of a refresh token. */
  public static Fingerprint of(Secret refreshToken) {
    return new Fingerprint(Sha256.base64Url(refreshToken.reveal()));
  }

  /** A few characters: enough to tell two apart in a log, and to find nothing by. */
  @Override
  public String toString() {
    return value.substring(0, Math.min(6, value.length()));
  }
}
