package dev.everbearer.demo;

import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.token.AccessToken;
import java.time.Duration;
import java.time.Instant;

/**
 * What the demo needs to know of a token: its life, by a wall clock that is right.
 *
 * @param obtained when it was asked for
 * @param end when it ends
 */
record HeldToken(Instant obtained, Instant end) {

  /** A token that was just obtained by a client with this wall clock. */
  static HeldToken of(AccessToken token, SteppedWall wall) {
    Instant obtained = token.obtainedAt().orElseGet(wall::instant);
    return new HeldToken(wall.trulyAt(obtained), wall.trulyAt(token.expiresAt().orElse(obtained)));
  }

  Duration life() {
    return Duration.between(obtained, end);
  }

  /** When the library begins to renew it. */
  Instant renewalPoint() {
    return end.minus(RenewalPolicy.standard().softMarginOf(life()));
  }
}
