package dev.everbearer.demo;

import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.token.AccessToken;
import java.time.Duration;
import java.time.Instant;

/**
 * What the demo needs to know of a token: its life, by the wall clock.
 *
 * @param obtained when it was asked for
 * @param end when it ends
 */
record HeldToken(Instant obtained, Instant end) {

  static HeldToken of(AccessToken token) {
    Instant obtained = token.obtainedAt().orElseGet(Instant::now);
    return new HeldToken(obtained, token.expiresAt().orElse(obtained));
  }

  Duration life() {
    return Duration.between(obtained, end);
  }

  /** When the library begins to renew it. */
  Instant renewalPoint() {
    return end.minus(RenewalPolicy.standard().softMarginOf(life()));
  }
}
