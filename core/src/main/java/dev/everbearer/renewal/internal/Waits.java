package dev.everbearer.renewal.internal;

import dev.everbearer.store.GrantKey;
import dev.everbearer.token.RenewalListener;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Renewals that wait for another process. That is usual for as long as an exchange takes; one that
 * takes longer is told, once. Thread-safe.
 */
final class Waits {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private static final long USUAL_NANOS = 1_000_000_000L;

  /** After its end nobody has looked again: whoever waited has given up. */
  private static final long FORGOTTEN_NANOS = 10_000_000_000L;

  private record Wait(
      String grant, Instant since, long sinceNanos, long untilNanos, boolean isTold) {

    Wait until(long nanos, long now) {
      return new Wait(grant, since, sinceNanos, nanos, now - sinceNanos >= USUAL_NANOS);
    }
  }

  private final String server;
  private final Announcer announcer;
  private final Timing timing;
  private final ConcurrentMap<GrantKey, Wait> waits = new ConcurrentHashMap<>();

  Waits(String server, Announcer announcer, Timing timing) {
    this.server = server;
    this.announcer = announcer;
    this.timing = timing;
  }

  /** A renewal waits, or goes on to. */
  void on(GrantKey key, String grant, Duration atMost) {
    long now = nanos();
    waits.values().removeIf(each -> now - each.untilNanos() > FORGOTTEN_NANOS);
    long until = now + Math.max(0, atMost.toNanos());
    Wait before =
        waits.computeIfAbsent(
            key,
            ignored ->
                new Wait(grant + " at " + server, timing.wall().instant(), now, until, false));
    Wait next = before.until(until, now);
    boolean isOurs = waits.replace(key, before, next);
    if (isOurs && next.isTold() && !before.isTold()) {
      report(key, next, atMost);
    }
  }

  /** The wait is over, if there was one. */
  void off(GrantKey key) {
    if (!waits.isEmpty()) {
      waits.remove(key);
    }
  }

  private void report(GrantKey key, Wait wait, Duration atMost) {
    LOG.log(
        System.Logger.Level.WARNING,
        "{0}: another process has the refresh token in hand, and has not shown what came of it. It"
            + " is waited for, {1} at most.",
        wait.grant(),
        Diagnosis.span(atMost.toNanos()));
    HealthEvents.waitingForOther(wait.grant(), atMost);
    announcer.announce(
        listener ->
            listener.waitingForOther(
                new RenewalListener.WaitingForOther(
                    wait.grant(), key.subject(), wait.since(), atMost)));
  }

  /** For people; empty when nobody is waited for. */
  String sentence(GrantKey key) {
    Wait wait = waits.get(key);
    long left = wait == null ? 0 : wait.untilNanos() - nanos();
    return wait == null || left <= 0
        ? ""
        : "Another process has the refresh token in hand; it is waited for since %s, and for %s at"
                .formatted(wait.since(), Diagnosis.span(left))
            + " most.";
  }

  private long nanos() {
    return timing.nanoTime().getAsLong();
  }
}
