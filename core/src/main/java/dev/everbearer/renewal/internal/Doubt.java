package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.internal.Backoff.Delay;
import dev.everbearer.token.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * What a refusal is worth to a source whose last token came from the same server: that may be a
 * replica which does not know the client yet. Such a refusal is asked about once more before anyone
 * feels it, and a refusal of the client a few times more just after; not so often that it would
 * feed a lock-out.
 */
final class Doubt {

  private static final long GAP = 1_000_000_000L;
  private static final long LONGEST = 10 * GAP;

  /** Below the ten wrong attempts after which the strict ones among servers lock a client out. */
  static final int MAX_REFUSALS = 8;

  private Doubt() {}

  /**
   * The delay after a refusal.
   *
   * @param refusals how often the client was refused since the last token came, this one included
   * @param held the last token, ended or not; null when none came so far
   * @param rest how long a server that refuses is left alone
   */
  static Delay about(FailureKind kind, int refusals, @Nullable Held held, long now, Delay rest) {
    if (held == null) {
      return rest;
    }
    if (held.isUsable(now)) {
      return rest.noLongerThan((now - held.hardAt() < 0 ? held.hardAt() : held.endsAt()) - now);
    }
    boolean isOpen = refusals < MAX_REFUSALS && now - held.endsAt() < LONGEST;
    return kind == FailureKind.INVALID_CLIENT && isOpen ? Delay.doubted(GAP) : rest;
  }
}
