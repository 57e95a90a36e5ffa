package dev.everbearer.testing.server;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An issued access token.
 *
 * @param confirmation the key it is bound to, if to any
 * @param family null if no refresh token came with it
 */
record AccessToken(
    String value,
    Grant grant,
    Instant issuedAt,
    Instant expiresAt,
    Confirmation confirmation,
    @Nullable TokenFamily family) {

  boolean isAliveAt(Instant now) {
    return now.isBefore(expiresAt);
  }
}
