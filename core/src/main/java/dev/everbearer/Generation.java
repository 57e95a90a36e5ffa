package dev.everbearer;

import dev.everbearer.client.ClientRegistration;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A client for as long as its registration is good. A registration that a server has just made, and
 * that never brought a token, is not replaced at once: a server that takes none would be given one
 * after the other. Thread-safe.
 */
final class Generation {

  private static final Duration UNPROVEN = Duration.ofHours(1);

  private final OAuthClient client;
  private final ClientRegistration registration;
  private final Instant madeAt;
  private final @Nullable Instant end;
  private volatile boolean isProven;
  private volatile boolean isRenewedInVain;

  /**
   * A generation.
   *
   * @param isProven whether it may be replaced at once
   */
  Generation(
      OAuthClient client, ClientRegistration registration, Instant madeAt, boolean isProven) {
    this.client = client;
    this.registration = registration;
    this.madeAt = madeAt;
    this.end = registration.secretExpiresAt().orElse(null);
    this.isProven = isProven;
  }

  OAuthClient client() {
    return client;
  }

  ClientRegistration registration() {
    return registration;
  }

  /** Has brought this. */
  <T> T proven(T token) {
    if (!isProven) {
      isProven = true;
    }
    return token;
  }

  /** Whether its secret ends at all. */
  boolean hasEnd() {
    return end != null;
  }

  /** Whether its secret has ended, and was not renewed in vain so far. */
  boolean isOver(Instant now) {
    return end != null && !now.isBefore(end) && !isRenewedInVain && isReplaceable(now);
  }

  /** Its secret could not be renewed before the server refused it. */
  void renewedInVain() {
    isRenewedInVain = true;
  }

  /** Whether it may be replaced when the server refuses it. */
  boolean isReplaceable(Instant now) {
    return isReplaceable(isProven, madeAt, end, now);
  }

  /**
   * The rule.
   *
   * @param end of its secret; null when there is none
   */
  static boolean isReplaceable(
      boolean isProven, Instant madeAt, @Nullable Instant end, Instant now) {
    boolean hasEnded = end != null && madeAt.isBefore(end) && !now.isBefore(end);
    return isProven || hasEnded || !now.isBefore(madeAt.plus(UNPROVEN));
  }

  /** The client id and the issuer. */
  @Override
  public String toString() {
    return registration.toString();
  }
}
