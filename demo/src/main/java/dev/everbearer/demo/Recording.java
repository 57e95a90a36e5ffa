package dev.everbearer.demo;

import dev.everbearer.demo.RunResult.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the moments of a run on its time axis. */
final class Recording {

  private Recording() {}

  static Timeline timeline(
      DemoOptions options, RunClock clock, Tally tally, Troubles troubles, Rates rates) {
    Long revokedAt = troubles.revokedAt();
    return new Timeline(
        options.duration(),
        troubles.outage(),
        revokedAt,
        lives(tally.tokens(), clock, revokedAt),
        tally.failures().stream().map(clock::at).toList(),
        rates);
  }

  private static List<Span> lives(
      List<HeldToken> tokens, RunClock clock, @Nullable Long revokedAt) {
    List<Span> lives = new ArrayList<>();
    for (HeldToken token : tokens) {
      lives.add(life(clock, token.obtained(), token.end(), revokedAt));
    }
    return List.copyOf(lives);
  }

  private static Span life(RunClock clock, Instant obtained, Instant end, @Nullable Long revoked) {
    Span whole = new Span(clock.at(obtained), clock.at(end));
    return revoked != null && whole.contains(revoked) ? new Span(whole.from(), revoked) : whole;
  }
}
