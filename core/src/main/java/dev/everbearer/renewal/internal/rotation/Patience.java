package dev.everbearer.renewal.internal.rotation;

import dev.everbearer.store.Sender;
import dev.everbearer.wire.HttpFailures;
import java.time.Duration;
import java.time.Instant;

/**
 * How long each may take.
 *
 * @param exchange how long a request takes at most before it is given up
 * @param quiet how long a server may still process a request that was given up
 * @param lease how long a lease is: an exchange, and what is written before and after it
 * @param hold how long others wait, from the sending on, for a sender that shows no answer
 */
public record Patience(Duration exchange, Duration quiet, Duration lease, Duration hold) {

  private static final Duration WRITES = Duration.ofSeconds(10);
  private static final Duration SHORTEST_HOLD = Duration.ofSeconds(60);

  /** By how long an exchange may take; all else follows. */
  public static Patience of(Duration exchange) {
    return of(exchange, exchange, SHORTEST_HOLD);
  }

  /**
   * By settings.
   *
   * @param hold never shorter than a lease, an exchange and the quiet time together
   */
  public static Patience of(Duration exchange, Duration quiet, Duration hold) {
    Duration lease = exchange.plus(WRITES);
    Duration least = lease.plus(exchange).plus(quiet);
    return new Patience(exchange, quiet, lease, hold.compareTo(least) < 0 ? least : hold);
  }

  /** How much of a lease may be used up before the request leaves. */
  Duration beforeSending() {
    return lease.minus(exchange).dividedBy(2);
  }

  /** When a request is given up at the latest, that one may send from now on. */
  Instant latestEnd(Instant now) {
    return now.plus(beforeSending()).plus(exchange);
  }

  /** Until when a request may be processed at the latest, that one may send from now on. */
  Instant latestQuiet(Instant now) {
    return latestEnd(now).plus(quiet);
  }

  /** Until when something may be put off at the latest, from now on. */
  Instant latestRest(Instant now) {
    Instant byServer = now.plus(HttpFailures.MAX_RETRY_AFTER);
    Instant quiet = latestQuiet(now);
    return quiet.isAfter(byServer) ? quiet : byServer;
  }

  Instant endOfHold(Sender sender) {
    return sender.at().plus(hold);
  }
}
