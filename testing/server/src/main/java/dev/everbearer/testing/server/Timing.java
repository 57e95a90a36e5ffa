package dev.everbearer.testing.server;

import java.time.Duration;

/**
 * When an answer is worked out and sent.
 *
 * @param hangs whether the request waits for its release before anything is done for it
 * @param delay the pause between the work and the sending, in real time
 * @param isHeld whether the answer, worked out, waits for its release
 */
record Timing(boolean hangs, Duration delay, boolean isHeld) {

  static final Timing AT_ONCE = new Timing(false, Duration.ZERO, false);

  static final Timing HANG = new Timing(true, Duration.ZERO, false);

  Timing withDelay(Duration other) {
    return new Timing(hangs, other, isHeld);
  }

  Timing held() {
    return new Timing(hangs, delay, true);
  }

  Timing and(Timing other) {
    return new Timing(hangs || other.hangs, delay.plus(other.delay), isHeld || other.isHeld);
  }
}
