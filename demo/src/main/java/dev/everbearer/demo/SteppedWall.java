package dev.everbearer.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The client's wall clock, which can be set wrong. Thread-safe. */
final class SteppedWall implements InstantSource {

  private volatile Duration error = Duration.ZERO;

  void setWrongBy(Duration newError) {
    error = newError;
  }

  @Override
  public Instant instant() {
    return InstantSource.system().instant().plus(error);
  }

  /** What a moment is in truth that this clock has just told. */
  Instant trulyAt(Instant told) {
    return told.minus(error);
  }
}
