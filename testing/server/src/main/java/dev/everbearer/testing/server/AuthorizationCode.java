package dev.everbearer.testing.server;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A code and what it stands for. Guarded by the {@link AuthorizationCodes} it belongs to. */
final class AuthorizationCode {

  private final AuthorizationRequest request;
  private final Grant grant;
  private final Instant expiresAt;
  private @Nullable TokenFamily family;

  AuthorizationCode(AuthorizationRequest request, Grant grant, Instant expiresAt) {
    this.request = request;
    this.grant = grant;
    this.expiresAt = expiresAt;
  }

  AuthorizationRequest request() {
    return request;
  }

  Grant grant() {
    return grant;
  }

  Instant expiresAt() {
    return expiresAt;
  }

  /** What came from the first use of this code; null if there was none. */
  @Nullable TokenFamily family() {
    return family;
  }

  void used(TokenFamily newFamily) {
    family = newFamily;
  }
}
