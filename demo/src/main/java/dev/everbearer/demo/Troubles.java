package dev.everbearer.demo;

import dev.everbearer.demo.server.DemoServers;
import org.jspecify.annotations.Nullable;

/**
 * Makes the outage and the revocation happen: not before they are planned, and then at a moment
 * that proves something. The outage starts shortly before a renewal; the revocation waits for a
 * token that is not about to be replaced anyway. Used by one thread.
 */
final class Troubles {

  private static final long NEVER = -1;
  private static final long HALF_A_SECOND = 500_000_000L;

  private final Plan plan;
  private final DemoServers servers;
  private final RunClock clock;
  private final Tally tally;
  private final Progress progress;

  private long outageFrom = NEVER;
  private long outageUntil = NEVER;
  private long revokedAt = NEVER;
  private boolean wantsRevocation;

  Troubles(
      Plan plan,
      boolean revokes,
      DemoServers servers,
      RunClock clock,
      Tally tally,
      Progress progress) {
    this.plan = plan;
    this.wantsRevocation = revokes;
    this.servers = servers;
    this.clock = clock;
    this.tally = tally;
    this.progress = progress;
  }

  /** Does what is due. */
  void tick() {
    HeldToken token = tally.current();
    if (token == null) {
      return;
    }
    long now = clock.now();
    long untilRenewal = clock.at(token.renewalPoint()) - now;
    if (isOutageDue(now, untilRenewal)) {
      beginOutage();
    } else if (isOutage() && now - outageFrom >= plan.outageLength()) {
      endOutage();
    }
    if (isRevocationDue(now, untilRenewal, token)) {
      revoke();
    }
  }

  private boolean isOutageDue(long now, long untilRenewal) {
    boolean isNearRenewal = untilRenewal <= plan.outageLength() / 2;
    return plan.hasOutage()
        && outageFrom == NEVER
        && now >= plan.outageFrom()
        && (isNearRenewal || now >= plan.outageLatest());
  }

  private void beginOutage() {
    servers.outage(true);
    outageFrom = clock.now();
    progress.event(outageFrom, "The outage begins: the token endpoint answers 503.");
  }

  private void endOutage() {
    servers.outage(false);
    outageUntil = clock.now();
    progress.event(outageUntil, "The outage is over.");
  }

  private boolean isRevocationDue(long now, long untilRenewal, HeldToken token) {
    return wantsRevocation
        && now >= plan.revocationFrom()
        && !isOutage()
        && untilRenewal >= Math.min(HALF_A_SECOND, token.life().toNanos() / 8);
  }

  private void revoke() {
    if (servers.revokeTokens() > 0) {
      revokedAt = clock.now();
      wantsRevocation = false;
      progress.event(revokedAt, "All tokens are revoked: the API answers 401 to them.");
    }
  }

  /** Whether the token endpoint refuses now. */
  boolean isOutage() {
    return outageFrom != NEVER && outageUntil == NEVER;
  }

  /** The outage as it was. */
  Span outage() {
    if (outageFrom == NEVER) {
      return Span.NONE;
    }
    return new Span(outageFrom, isOutage() ? clock.now() : outageUntil);
  }

  /** When the tokens were revoked; null when they were not. */
  @Nullable Long revokedAt() {
    return revokedAt == NEVER ? null : revokedAt;
  }
}
