package dev.everbearer.testing.server;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * The identifiers of JWTs seen before, each kept for as long as its JWT could be used. Thread-safe.
 */
final class ReplayMemory {

  private final InstantSource clock;
  private final Map<String, Instant> seen = new HashMap<>();

  ReplayMemory(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Takes note of an identifier.
   *
   * @throws BadJwt if it was seen before
   */
  synchronized void requireFirstUse(String jti, Instant until) {
    Instant now = clock.instant();
    seen.values().removeIf(end -> end.isBefore(now));
    if (seen.putIfAbsent(jti, until) != null) {
      throw new BadJwt("The jti was seen before");
    }
  }
}
