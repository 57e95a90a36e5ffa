package dev.everbearer.demo;

import dev.everbearer.demo.server.TokenFault;
import java.time.Duration;

/**
 * One trouble of a chaotic run.
 *
 * @param trouble what happens
 * @param start when it begins, in nanoseconds since the start of the run
 * @param length how long it lasts, a fault from the first request that meets it; zero for what
 *     happens at one moment
 */
record ChaosEvent(Trouble trouble, long start, long length) {

  /** What happens. */
  sealed interface Trouble {

    /** In a few words. */
    String words();
  }

  /** The token endpoint answers by a fault. */
  record Fault(TokenFault fault) implements Trouble {
    @Override
    public String words() {
      return fault.label();
    }
  }

  /** The token that was issued last is revoked. */
  record Revocation() implements Trouble {
    @Override
    public String words() {
      return "revocation";
    }
  }

  /**
   * The client's wall clock is wrong, and right again afterwards.
   *
   * @param by how much; negative when the clock is behind
   */
  record WrongClock(Duration by) implements Trouble {
    @Override
    public String words() {
      return "clock %s by %d s"
          .formatted(by.isNegative() ? "behind" : "ahead", by.abs().toSeconds());
    }
  }
}
