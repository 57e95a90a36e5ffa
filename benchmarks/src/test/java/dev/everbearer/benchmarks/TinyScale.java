package dev.everbearer.benchmarks;

import dev.everbearer.benchmarks.faults.FaultTiming;
import java.time.Duration;

/** For a moment, to see that everything works. */
public final class TinyScale {

  public static final Scale MOMENT =
      new Scale(
          0,
          1,
          Duration.ofMillis(20),
          400,
          1,
          FaultTiming.ofMillis(2000, 500, 1200, 1800, 2500, 3000),
          FaultTiming.ofMillis(2000, 500, 1200, 2200, 2500, 3000),
          2,
          Duration.ofMillis(400),
          300,
          Duration.ofMillis(200));

  private TinyScale() {}
}
