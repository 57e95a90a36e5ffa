package dev.everbearer.demo;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A run by chaos: makes the troubles happen and measures what the process holds meanwhile. */
final class Soak {

  private static final long MINUTE = 60_000_000_000L;

  private final long seed;
  private final Chaos chaos;
  private final long middleAt;
  private final Progress progress;
  private final Footprint start;
  private @Nullable Footprint middle;

  /**
   * A soak that begins now, before the first call.
   *
   * @param duration of the run, in nanoseconds
   */
  Soak(long seed, Chaos chaos, long duration, Progress progress) {
    this.seed = seed;
    this.chaos = chaos;
    this.middleAt = duration >= MINUTE ? duration / 2 : Long.MAX_VALUE;
    this.progress = progress;
    progress.event(0, "Chaos by seed %d; --seed %d repeats it.".formatted(seed, seed));
    this.start = measured("start", 0);
    Footprint.forgetPeak();
  }

  /** Does what is due. */
  void tick(long now) {
    chaos.tick(now);
    if (middle == null && now >= middleAt) {
      middle = measured("middle", now);
    }
  }

  boolean isFaulty() {
    return chaos.isFaulty();
  }

  /**
   * What came of it, at the end of the run.
   *
   * @param callers how many threads made the calls
   */
  ChaosResult result(CallLog log, int callers, long now) {
    chaos.end(now);
    int peak = Footprint.peakThreads() - callers;
    Footprint end = measured("end", now);
    return new ChaosResult(
        seed,
        chaos.faults(),
        chaos.incidents(),
        chaos.clockSteps(),
        new Footprints(start, middle, end, Math.max(peak, end.threads())),
        log.failures().stream().map(this::line).toList());
  }

  private Footprint measured(String when, long now) {
    Footprint footprint = Footprint.now();
    progress.event(now, "At the %s: %s".formatted(when, footprint.line()));
    return footprint;
  }

  private String line(CallLog.FailedCall call) {
    String meanwhile =
        chaos.incidents().stream()
            .filter(incident -> incident.touches(call.started(), call.ended()))
            .map(Incident::line)
            .collect(Collectors.joining("; "));
    return "%s to %s: %s Meanwhile: %s."
        .formatted(
            Words.seconds(call.started()),
            Words.seconds(call.ended()),
            call.failure(),
            meanwhile.isEmpty() ? "nothing" : meanwhile);
  }
}
