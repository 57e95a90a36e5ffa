package dev.everbearer.demo;

import dev.everbearer.demo.ChaosEvent.Fault;
import dev.everbearer.demo.server.DemoServers;
import dev.everbearer.demo.server.TokenFault;

/**
 * One fault of the token endpoint. It lasts its length from the first request that meets it, and
 * ends without one only when none came for as long as a token lives. Used by one thread.
 */
final class FaultTurn {

  private static final long NEVER = -1;

  private final Fault trouble;
  private final long length;
  private final long latestEnd;
  private final DemoServers servers;
  private final long metBefore;
  private long metAt = NEVER;

  /** Begins it. */
  FaultTurn(Fault trouble, long length, long patience, long now, DemoServers servers) {
    this.trouble = trouble;
    this.length = length;
    this.latestEnd = now + patience + length;
    this.servers = servers;
    this.metBefore = met();
    servers.fault(trouble.fault());
  }

  /** Ends it when it is over; says whether it was. */
  boolean isOver(long now) {
    if (metAt == NEVER && met() > metBefore) {
      metAt = now;
    }
    boolean isOver = now >= latestEnd || (metAt != NEVER && now - metAt >= length);
    if (isOver) {
      servers.fault(null);
    }
    return isOver;
  }

  boolean isMet() {
    return metAt != NEVER;
  }

  TokenFault fault() {
    return trouble.fault();
  }

  /** What it was so far. */
  Incident incident(long now) {
    return new Incident(trouble, new Span(isMet() ? metAt : now, now));
  }

  private long met() {
    return servers.met(trouble.fault());
  }
}
