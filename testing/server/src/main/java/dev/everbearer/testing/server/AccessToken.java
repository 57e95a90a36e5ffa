package dev.everbearer.testing.server;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An issued access token; the family is null if no refresh token came with it. */
record AccessToken(
    String value, Grant grant, Instant issuedAt, Instant expiresAt, @Nullable TokenFamily family) {

  boolean isAliveAt(Instant now) {
    return now.isBefore(expiresAt);
  }
}
