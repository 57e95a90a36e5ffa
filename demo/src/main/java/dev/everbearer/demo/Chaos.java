package dev.everbearer.demo;

import dev.everbearer.demo.ChaosEvent.Fault;
import dev.everbearer.demo.ChaosEvent.Revocation;
import dev.everbearer.demo.ChaosEvent.Trouble;
import dev.everbearer.demo.ChaosEvent.WrongClock;
import dev.everbearer.demo.server.DemoServers;
import dev.everbearer.demo.server.TokenFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the troubles of a chaotic run happen. Used by one thread. */
final class Chaos {

  private final List<ChaosEvent> events;
  private final long patience;
  private final DemoServers servers;
  private final SteppedWall wall;
  private final Progress progress;
  private final Set<TokenFault> kinds = EnumSet.noneOf(TokenFault.class);
  private final List<Incident> past = new ArrayList<>();
  private @Nullable FaultTurn fault;
  private @Nullable Incident wrongClock; // its end is planned
  private boolean revokes;
  private long clockSteps;
  private int next;

  /**
   * Chaos by a schedule.
   *
   * @param patience how long a fault waits for a request that meets it, in nanoseconds
   */
  Chaos(
      List<ChaosEvent> events,
      long patience,
      DemoServers servers,
      SteppedWall wall,
      Progress progress) {
    this.events = events;
    this.patience = patience;
    this.servers = servers;
    this.wall = wall;
    this.progress = progress;
  }

  /**
   * Does what is due. An event lasts its length also when it was begun a little late.
   *
   * @param now nanoseconds since the start of the run
   */
  void tick(long now) {
    if (fault != null && fault.isOver(now)) {
      endFault(fault, now);
    }
    if (wrongClock != null && wrongClock.time().until() <= now) {
      setClockRight(wrongClock, now);
    }
    while (next < events.size() && events.get(next).start() <= now) {
      begin(events.get(next), now);
      next++;
    }
    if (revokes && servers.revokeNewestToken()) {
      revokes = false;
      past.add(new Incident(new Revocation(), new Span(now, now)));
      progress.event(now, "The newest token is revoked.");
    }
  }

  private void begin(ChaosEvent event, long now) {
    Trouble trouble = event.trouble();
    if (trouble instanceof Fault beginning) {
      beginFault(beginning, event.length(), now);
    } else if (trouble instanceof WrongClock wrong) {
      setClockWrong(wrong, event.length(), now);
    } else {
      revokes = true; // As soon as there is a token that lives.
    }
  }

  private void beginFault(Fault beginning, long length, long now) {
    if (fault != null) {
      endFault(fault, now);
    }
    fault = new FaultTurn(beginning, length, patience, now, servers);
    kinds.add(beginning.fault());
    progress.event(
        now,
        "The token endpoint: %s, for %s from the next request on."
            .formatted(beginning.words(), Words.seconds(length)));
  }

  private void endFault(FaultTurn ending, long now) {
    past.add(ending.incident(now));
    fault = null;
    progress.event(now, "The token endpoint is well again.");
  }

  private void setClockWrong(WrongClock wrong, long length, long now) {
    wall.setWrongBy(wrong.by());
    clockSteps++;
    wrongClock = new Incident(wrong, new Span(now, now + length));
    progress.event(now, "The client's wall clock steps: %s.".formatted(wrong.words()));
  }

  private void setClockRight(Incident wrong, long now) {
    wall.setWrongBy(Duration.ZERO);
    clockSteps++;
    past.add(wrong);
    wrongClock = null;
    progress.event(now, "The client's wall clock steps back: it is right.");
  }

  /** Ends what is still going on; the run is over. */
  void end(long now) {
    if (fault != null) {
      servers.fault(null);
      endFault(fault, now);
    }
    if (wrongClock != null) {
      setClockRight(wrongClock, now);
    }
  }

  /** Whether the token endpoint answers by a fault now. */
  boolean isFaulty() {
    return fault != null && fault.isMet();
  }

  /** How many requests met each kind of fault, of those kinds that there were. */
  Map<String, Long> faults() {
    Map<String, Long> met = new LinkedHashMap<>();
    kinds.forEach(kind -> met.put(kind.label(), servers.met(kind)));
    return met;
  }

  /** What happened, by its end. */
  List<Incident> incidents() {
    return List.copyOf(past);
  }

  /** How often the wall clock was set, wrong or right. */
  long clockSteps() {
    return clockSteps;
  }
}
