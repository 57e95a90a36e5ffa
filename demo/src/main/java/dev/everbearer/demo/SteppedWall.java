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
}
