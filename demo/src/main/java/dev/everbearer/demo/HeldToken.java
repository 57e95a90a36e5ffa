package dev.everbearer.demo;

import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.token.AccessToken;
import java.time.Duration;
import java.time.Instant;

/**
 * What the demo needs to know of a token: its life, by a wall clock that is right, as the client's
 * need not be.
 *
 * @param obtained when it came
 * @param end when it ends
 */
record HeldToken(Instant obtained, Instant end) {

  /** A token that was just obtained. */
  static HeldToken of(AccessToken token) {
    Instant obtained = Instant.now();
    Instant told = token.obtainedAt().orElse(obtained);
    return new HeldToken(
        obtained, obtained.plus(Duration.between(told, token.expiresAt().orElse(told))));
  }

  Duration life() {
    return Duration.between(obtained, end);
  }

  /** When the library begins to renew it. */
  Instant renewalPoint() {
    return end.minus(RenewalPolicy.standard().softMarginOf(life()));
  }
}
