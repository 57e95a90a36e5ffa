package dev.everbearer.protocol;

import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.ServerClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether the clocks disagree so that a client assertion was refused. */
final class ClockSkew {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.protocol");

  private ClockSkew() {}

  /**
   * How far the server's clock is ahead of ours, negative when behind, and a warning of it; null
   * when they agree within ten seconds, or the answer does not say.
   */
  static @Nullable Duration reported(HttpAnswer answer) {
    Duration skew = ServerClock.ahead(answer.header("date").orElse(null), answer.receivedAt());
    if (skew != null) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The clock of {0} is {1} s {2} this machine''s, and it refused the client. The next client"
              + " assertion goes by its clock. Set this machine''s clock.",
          answer.uri(),
          String.valueOf(skew.abs().toSeconds()),
          skew.isNegative() ? "behind" : "ahead of");
    }
    return skew;
  }
}
