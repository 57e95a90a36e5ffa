package dev.everbearer.demo;

import dev.everbearer.demo.ChaosEvent.Trouble;

/**
 * A trouble that happened.
 *
 * @param trouble what it was
 * @param time from when to when; a fault from the first request that met it
 */
record Incident(Trouble trouble, Span time) {

  boolean touches(long from, long until) {
    return time.from() <= until && time.until() >= from;
  }

  /** In one line. */
  String line() {
    return time.isEmpty()
        ? "%s at %s".formatted(trouble.words(), Words.seconds(time.from()))
        : "%s from %s to %s"
            .formatted(trouble.words(), Words.seconds(time.from()), Words.seconds(time.until()));
  }
}
