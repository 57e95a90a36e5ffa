package dev.everbearer.demo;

import dev.everbearer.demo.ChaosEvent.Revocation;
import dev.everbearer.demo.RunResult.Timeline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the moments of a run on its time axis. */
final class Recording {

  private Recording() {}

  static Timeline timeline(
      DemoOptions options,
      RunClock clock,
      Tally tally,
      Troubles troubles,
      @Nullable ChaosResult chaos,
      Rates rates) {
    List<Incident> incidents = chaos == null ? List.of() : chaos.incidents();
    Long revokedAt = troubles.revokedAt();
    return new Timeline(
        options.duration(),
        troubles.outage(),
        revokedAt,
        incidents,
        lives(tally.tokens(), clock, revocations(revokedAt, incidents)),
        tally.failures().stream().map(clock::at).toList(),
        rates);
  }

  private static List<Long> revocations(@Nullable Long revokedAt, List<Incident> incidents) {
    if (revokedAt != null) {
      return List.of(revokedAt);
    }
    return incidents.stream()
        .filter(incident -> incident.trouble() instanceof Revocation)
        .map(incident -> incident.time().from())
        .toList();
  }

  private static List<Span> lives(List<HeldToken> tokens, RunClock clock, List<Long> revocations) {
    List<Span> lives = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      HeldToken token = tokens.get(i);
      long end = clock.at(token.end());
      long replaced = i + 1 < tokens.size() ? clock.at(tokens.get(i + 1).obtained()) : end;
      lives.add(life(new Span(clock.at(token.obtained()), end), replaced, revocations));
    }
    return List.copyOf(lives);
  }

  /** A revocation hits the newest token, and is the end of it. */
  private static Span life(Span whole, long replaced, List<Long> revocations) {
    return revocations.stream()
        .filter(revoked -> whole.contains(revoked) && revoked <= replaced)
        .findFirst()
        .map(revoked -> new Span(whole.from(), revoked))
        .orElse(whole);
  }
}
