package dev.everbearer.renewal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.renewal.internal.SourceState.Over;
import dev.everbearer.renewal.internal.World.Waiting;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginRequiredException.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every order of events, to a depth: two callers that come, wait, tire and are refused by an API;
 * attempts that succeed, fail or end the grant, also after they were given up; clocks that move,
 * wake-ups that come late, a grant that is given back, a source that is closed. After each step
 * {@link World} checks that there are never two attempts at once, that no expired, refused or older
 * token is handed out, that nobody waits for nothing, and that the fast path serves only what a
 * look-up would.
 */
class LifecycleExplorationTest {

  private static final int DEPTH = Integer.getInteger("everbearer.exploration.depth", 8);
  private static final Failure TROUBLE =
      Failure.builder(FailureKind.SERVER_TROUBLE, "It is down.").build();
  private static final Failure HOPELESS =
      Failure.builder(FailureKind.INVALID_CLIENT, "It knows no such client.").build();
  private static final Over FOR_GOOD = new Over(Reason.REFUSED, "Over.", null, false);
  private static final Over UNTIL_LOGIN = new Over(Reason.REFUSED, "Over.", null, true);

  @Test
  @Spec({"LC-12", "LC-15"})
  void noOrderOfEventsBreaksAPromise() {
    Set<World> seen = new HashSet<>(Set.of(World.start(2)));
    List<World> edge = List.copyOf(seen);
    for (int depth = 0; depth < DEPTH; depth++) {
      List<World> next = new ArrayList<>();
      for (World world : edge) {
        for (World after : successors(world)) {
          if (seen.add(after)) {
            next.add(after);
          }
        }
      }
      edge = next;
    }
    assertThat(seen.size()).isGreaterThan(100_000);
  }

  private static List<World> successors(World world) {
    List<World> all = new ArrayList<>();
    for (int caller = 0; caller < world.waiters().size(); caller++) {
      ofCaller(world, caller, all);
    }
    world.flights().forEach(flight -> ofFlight(world, flight, all));
    world.ghosts().forEach(flight -> ofFlight(world, flight, all));
    ofTime(world, all);
    ofEnds(world, all);
    return all;
  }

  private static void ofCaller(World world, int caller, List<World> all) {
    Waiting waiting = world.waiters().get(caller);
    Held held = world.source().held();
    if (waiting == null) {
      all.add(world.lookUp(caller, 0, null));
      all.add(world.lookUp(caller, 4 * World.SECOND, null));
      if (held != null) {
        all.add(world.lookUp(caller, 4 * World.SECOND, held.token()));
      }
      return;
    }
    all.add(world.gaveUp(caller));
    if (world.now() - waiting.until() >= 0) {
      all.add(world.timeUp(caller));
    }
  }

  private static void ofFlight(World world, long flight, List<World> all) {
    all.add(world.obtained(flight, true));
    all.add(world.obtained(flight, false));
    all.add(world.landed(flight, new SourceEvent.Failed(flight, TROUBLE, 1, 0)));
    all.add(world.landed(flight, new SourceEvent.Failed(flight, TROUBLE, 1, 3 * World.SECOND)));
    all.add(world.landed(flight, new SourceEvent.Failed(flight, HOPELESS, 1, 0)));
    all.add(world.landed(flight, new SourceEvent.GrantOver(flight, FOR_GOOD)));
    all.add(world.landed(flight, new SourceEvent.GrantOver(flight, UNTIL_LOGIN)));
  }

  private static void ofTime(World world, List<World> all) {
    all.add(world.later(World.SECOND));
    all.add(world.later(5 * World.SECOND));
    if (world.source().wakeIn(world.now()) == 0) {
      all.add(world.after(new SourceEvent.Woken(true)));
      all.add(world.after(new SourceEvent.Woken(false)));
    }
  }

  private static void ofEnds(World world, List<World> all) {
    Held held = world.source().held();
    all.add(world.after(new SourceEvent.Nudged()));
    if (held != null) {
      all.add(world.after(new SourceEvent.Withdrawn(held.token())));
    }
    all.add(world.after(new SourceEvent.GrantWithdrawn(null)));
    all.add(world.adopted());
    all.add(world.after(new SourceEvent.EndedElsewhere(FOR_GOOD)));
    all.add(world.after(new SourceEvent.EndedElsewhere(UNTIL_LOGIN)));
    all.add(world.after(new SourceEvent.BegunAnew()));
    all.add(world.givenBack(FOR_GOOD));
    all.add(world.givenBack(UNTIL_LOGIN));
    all.add(world.after(new SourceEvent.Closed()));
  }
}
