package dev.everbearer.testing.server;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An issued refresh token. Guarded by the {@link TokenVault} it belongs to. */
final class RefreshToken {

  private final String value;
  private final TokenFamily family;
  private @Nullable Instant firstUse;
  private @Nullable RefreshToken child;

  RefreshToken(String value, TokenFamily family) {
    this.value = value;
    this.family = family;
  }

  String value() {
    return value;
  }

  TokenFamily family() {
    return family;
  }

  @Nullable Instant firstUse() {
    return firstUse;
  }

  @Nullable RefreshToken child() {
    return child;
  }

  void used(Instant now, RefreshToken newChild) {
    if (firstUse == null) {
      firstUse = now;
      child = newChild;
    }
  }
}
