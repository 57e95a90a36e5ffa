package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.internal.SourceEffect.Park;
import dev.everbearer.renewal.internal.SourceEffect.Refuse;
import dev.everbearer.renewal.internal.SourceEffect.RefuseAll;
import dev.everbearer.renewal.internal.SourceEffect.RefuseLate;
import dev.everbearer.renewal.internal.SourceEffect.ReleaseAll;
import dev.everbearer.renewal.internal.SourceEffect.ReleaseParked;
import dev.everbearer.renewal.internal.SourceEffect.Serve;
import dev.everbearer.renewal.internal.SourceEffect.StartFlight;
import dev.everbearer.token.AccessToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A source with all that surrounds it: who waits, which attempts are under way, which tokens the
 * server gave. It carries out effects as {@link ManagedTokenSource} does, and checks each.
 * Immutable.
 *
 * @param source the state under test
 * @param now the clock
 * @param waiters who waits, by the caller's number; null for a caller that does not
 * @param flights the attempts under way
 * @param ghosts attempts that the source gave up, and that may end all the same
 * @param given how many tokens the server gave so far
 */
record World(
    SourceState source,
    long now,
    List<@Nullable Waiting> waiters,
    List<Long> flights,
    List<Long> ghosts,
    int given) {

  static final long SECOND = 1_000_000_000L;
  static final long LIFE = 6 * SECOND;
  private static final Instant WALL = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<AccessToken> TOKENS =
      IntStream.range(0, 32).mapToObj(i -> AccessToken.bearer("t" + i)).toList();

  /**
   * A caller that waits.
   *
   * @param until when its wait ends
   * @param hasToken whether a usable token was in hand when it began
   * @param deadline its own deadline
   * @param refused a token that will not do; null when any will
   */
  record Waiting(long until, boolean hasToken, long deadline, @Nullable AccessToken refused) {}

  static World start(int callers) {
    List<@Nullable Waiting> nobody = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      nobody.add(null);
    }
    return new World(SourceState.EMPTY, 0, nobody, List.of(), List.of(), 0);
  }

  World later(long nanos) {
    return new World(source, now + nanos, waiters, flights, ghosts, given);
  }

  /** A look-up by a caller that does not wait. */
  World lookUp(int caller, long maxWait, @Nullable AccessToken refused) {
    SourceEvent.LookUp lookUp =
        new SourceEvent.LookUp(now + maxWait, maxWait > 0, SourceEvent.Demand.USABLE, refused);
    return after(lookUp, caller, new Waiting(now, false, lookUp.deadline(), refused));
  }

  /** A wait whose time is up. */
  World timeUp(int caller) {
    Waiting waiting = Objects.requireNonNull(waiters.get(caller));
    SourceEvent.WaitEnded ended =
        new SourceEvent.WaitEnded(waiting.hasToken(), waiting.deadline(), waiting.refused());
    return with(caller, null).after(ended, caller, waiting);
  }

  /** A caller that is interrupted. */
  World gaveUp(int caller) {
    boolean hadToken = Objects.requireNonNull(waiters.get(caller)).hasToken();
    return with(caller, null).after(new SourceEvent.Left(hadToken ? 0 : 1, hadToken ? 1 : 0));
  }

  /** The server gives its next token, which was asked for now. */
  World obtained(long flight, boolean isKept) {
    AccessToken token = TOKENS.get(given);
    Held held = held(token);
    World landed =
        new World(
            source, now, waiters, without(flights, flight), without(ghosts, flight), given + 1);
    return landed.after(new SourceEvent.Obtained(flight, token, isKept ? held : null));
  }

  private Held held(AccessToken token) {
    long end = now + LIFE;
    return new Held(token, now, end, WALL.plusNanos(end), end, 3 * SECOND, SECOND);
  }

  /** Somebody else got the server's next token. */
  World adopted() {
    SourceEvent.Adopted adopted = new SourceEvent.Adopted(held(TOKENS.get(given)));
    return new World(source, now, waiters, flights, ghosts, given + 1).after(adopted);
  }

  /** An attempt that ends without a token. */
  World landed(long flight, SourceEvent event) {
    return new World(source, now, waiters, without(flights, flight), without(ghosts, flight), given)
        .after(event);
  }

  /** The grant is given back for good: what is under way goes on, and nobody wants it any more. */
  World givenBack(SourceState.Over over) {
    List<Long> more = new ArrayList<>(ghosts);
    more.addAll(flights);
    World left = new World(source, now, waiters, List.of(), List.copyOf(more), given);
    return left.after(new SourceEvent.GrantWithdrawn(over));
  }

  World after(SourceEvent event) {
    return after(event, -1, null);
  }

  private World after(SourceEvent event, int caller, @Nullable Waiting asked) {
    Lifecycle.Step step = Lifecycle.step(source, event, now);
    World world = new World(step.state(), now, waiters, flights, ghosts, given);
    for (SourceEffect effect : step.effects()) {
      world = world.carriedOut(effect, caller, asked);
    }
    world.check(source);
    return world;
  }

  private World carriedOut(SourceEffect effect, int caller, @Nullable Waiting asked) {
    if (effect instanceof Serve serve) {
      requireUsable(serve.token());
      require(!serve.token().equals(Objects.requireNonNull(asked).refused()), "served the refused");
      return this;
    }
    if (effect instanceof Park park) {
      Waiting before = Objects.requireNonNull(asked);
      require(park.until() - before.deadline() <= 0, "parked beyond the deadline");
      return with(
          caller, new Waiting(park.until(), park.hasToken(), before.deadline(), before.refused()));
    }
    if (effect instanceof StartFlight start) {
      return started(start.number());
    }
    if (effect instanceof ReleaseAll release) {
      require(release.token().equals(TOKENS.get(given - 1)), "released an older token");
      return withoutWaiters(waiting -> true);
    }
    if (effect instanceof ReleaseParked release) {
      requireUsable(release.token());
      return withoutWaiters(Waiting::hasToken);
    }
    if (effect instanceof RefuseAll) {
      return withoutWaiters(waiting -> true);
    }
    if (effect instanceof RefuseLate late) {
      return refusedLate(late.nextAttemptAt());
    }
    require(!(effect instanceof Refuse) || caller >= 0, "refused nobody");
    return this;
  }

  private World started(long flight) {
    require(!source.isClosed(), "a flight of a closed source");
    require(flights.isEmpty(), "two flights at once");
    return new World(source, now, waiters, List.of(flight), ghosts, given);
  }

  private World refusedLate(long nextAttemptAt) {
    World refused =
        withoutWaiters(waiting -> !waiting.hasToken() && waiting.deadline() - nextAttemptAt < 0);
    int count = count(this, false) - count(refused, false);
    SourceState left = Lifecycle.step(refused.source, new SourceEvent.Left(count, 0), now).state();
    return new World(left, now, refused.waiters, flights, ghosts, given);
  }

  // ---- what must hold

  private void check(SourceState before) {
    require(source.waiting() == count(this, false), "waiters lost or made up");
    require(source.parked() == count(this, true), "parked callers lost or made up");
    require(
        source.isClosed() || source.flight() == null || flights.contains(source.flight().number()),
        "a flight that was never started");
    require(
        source.waiting() == 0 || source.flight() != null || source.wakeIn(now) < Long.MAX_VALUE,
        "callers wait, and nothing will come of it");
    require(
        number(source.held()) >= number(before.held()) || source.held() == null,
        "an older token over a newer one");
    checkFastPath();
  }

  /**
   * As long as look-ups need not think, thinking would change nothing; but that a renewal begins
   * may be left to the wake-up, where one is due.
   */
  private void checkFastPath() {
    long quiet = source.quietUntil(now) - now;
    long wakeIn = source.wakeIn(now);
    for (long in : quiet <= 0 ? new long[0] : new long[] {0, quiet / 2, quiet - 1}) {
      long at = now + in;
      Held held = Objects.requireNonNull(source.held());
      require(held.isUsable(at), "the fast path serves an expired token");
      List<SourceEffect> slow = new ArrayList<>(Lifecycle.step(source, anyone(at), at).effects());
      slow.removeIf(effect -> effect instanceof StartFlight && wakeIn <= in);
      require(
          slow.equals(List.of(new Serve(held.token()))),
          "the fast path serves where a look-up gives " + slow);
    }
  }

  private static SourceEvent.LookUp anyone(long at) {
    return new SourceEvent.LookUp(at + SECOND, true, SourceEvent.Demand.USABLE, null);
  }

  private void requireUsable(AccessToken token) {
    Held held = source.held();
    require(
        held != null && held.token().equals(token) && held.isUsable(now),
        "handed out a token that is not in hand, or has ended");
  }

  private void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what + " in " + this);
    }
  }

  private static int number(@Nullable Held held) {
    return held == null ? -1 : TOKENS.indexOf(held.token());
  }

  private static int count(World world, boolean hasToken) {
    return (int)
        world.waiters.stream()
            .filter(waiting -> waiting != null && waiting.hasToken() == hasToken)
            .count();
  }

  // ---- changes

  private World with(int caller, @Nullable Waiting waiting) {
    List<@Nullable Waiting> changed = new ArrayList<>(waiters);
    changed.set(caller, waiting);
    return new World(source, now, changed, flights, ghosts, given);
  }

  private World withoutWaiters(Predicate<Waiting> which) {
    List<@Nullable Waiting> changed = new ArrayList<>(waiters);
    changed.replaceAll(waiting -> waiting != null && which.test(waiting) ? null : waiting);
    return new World(source, now, changed, flights, ghosts, given);
  }

  private static List<Long> without(List<Long> flights, long flight) {
    return flights.stream().filter(each -> each != flight).toList();
  }
}
