package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.internal.SourceEffect.AnnounceFailed;
import dev.everbearer.renewal.internal.SourceEffect.AnnounceObtained;
import dev.everbearer.renewal.internal.SourceEffect.AnnounceOver;
import dev.everbearer.renewal.internal.SourceEffect.Park;
import dev.everbearer.renewal.internal.SourceEffect.Refuse;
import dev.everbearer.renewal.internal.SourceEffect.RefuseAll;
import dev.everbearer.renewal.internal.SourceEffect.RefuseLate;
import dev.everbearer.renewal.internal.SourceEffect.ReleaseAll;
import dev.everbearer.renewal.internal.SourceEffect.ReleaseParked;
import dev.everbearer.renewal.internal.SourceEffect.Serve;
import dev.everbearer.renewal.internal.SourceEffect.StartFlight;
import dev.everbearer.renewal.internal.SourceEffect.Why;
import dev.everbearer.renewal.internal.SourceEvent.Demand;
import dev.everbearer.renewal.internal.SourceEvent.Failed;
import dev.everbearer.renewal.internal.SourceEvent.GrantOver;
import dev.everbearer.renewal.internal.SourceEvent.LookUp;
import dev.everbearer.renewal.internal.SourceEvent.Obtained;
import dev.everbearer.renewal.internal.SourceState.Flight;
import dev.everbearer.renewal.internal.SourceState.Over;
import dev.everbearer.token.Failure;
import dev.everbearer.token.TokenState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The heart: (state, event, now) gives (state, effects). Pure: it reads no clock, starts nothing
 * and keeps nothing. Times are nanoseconds of the monotonic clock.
 */
final class Lifecycle {

  /** How long a caller with a usable token waits for a better one, at most. */
  private static final long PATIENCE = 1_000_000_000L;

  /**
   * The outcome of a step.
   *
   * @param state the next state
   * @param effects what is to be done, in order
   */
  record Step(SourceState state, List<SourceEffect> effects) {}

  private final long now;
  private SourceState state;
  private final List<SourceEffect> effects = new ArrayList<>();

  private Lifecycle(SourceState state, long now) {
    this.state = state;
    this.now = now;
  }

  static Step step(SourceState state, SourceEvent event, long now) {
    Lifecycle life = new Lifecycle(state, now);
    life.apply(event);
    return new Step(life.state, List.copyOf(life.effects));
  }

  private void apply(SourceEvent event) {
    if (event instanceof LookUp lookUp) {
      lookUp(lookUp);
    } else if (event instanceof SourceEvent.Left left) {
      state = state.withWaiters(state.waiting() - left.waiting(), state.parked() - left.parked());
    } else if (event instanceof SourceEvent.WaitEnded ended) {
      waitEnded(ended);
    } else if (event instanceof SourceEvent.Woken woken) {
      woken(woken.wasUsed());
    } else if (event instanceof SourceEvent.Nudged) {
      nudged();
    } else if (event instanceof Obtained obtained) {
      obtained(obtained);
    } else if (event instanceof Failed failed) {
      failed(failed);
    } else if (event instanceof GrantOver grantOver) {
      grantOver(grantOver);
    } else if (event instanceof SourceEvent.Withdrawn withdrawn) {
      withdrawn(withdrawn);
    } else if (event instanceof SourceEvent.GrantWithdrawn withdrawn) {
      grantWithdrawn(withdrawn.over());
    } else if (event instanceof SourceEvent.WallSeen seen) {
      wallSeen(seen);
    } else if (event instanceof SourceEvent.Adopted adopted) {
      adopted(adopted.held());
    } else if (event instanceof SourceEvent.EndedElsewhere ended) {
      endedElsewhere(ended.over());
    } else if (event instanceof SourceEvent.BegunAnew) {
      begunAnew();
    } else if (event instanceof SourceEvent.Closed) {
      state = state.closed();
      effects.add(new RefuseAll(Why.CLOSED));
    }
  }

  // ---- a caller wants a token

  private void lookUp(LookUp lookUp) {
    Held held = state.held();
    if (state.isClosed()) {
      effects.add(new Refuse(Why.CLOSED));
    } else if (held == null || !held.isUsable(now) || held.token().equals(lookUp.refused())) {
      lookUpWithoutToken(lookUp);
    } else {
      lookUpWithToken(lookUp, held);
    }
  }

  private void lookUpWithToken(LookUp lookUp, Held held) {
    TokenState zone = state.zone(now);
    if (zone != TokenState.FRESH) {
      startIfAllowed(true);
    }
    Flight flight = state.flight();
    boolean wantsBetter =
        zone == TokenState.DUE || (zone == TokenState.RENEWABLE && lookUp.demand() == Demand.FRESH);
    if (flight == null || !wantsBetter || !lookUp.mayWait()) {
      effects.add(new Serve(held.token()));
      return;
    }
    long wait =
        Math.min(
            lookUp.deadline() - now,
            Math.min(flight.startedAt() + PATIENCE - now, (held.endsAt() - now) / 2));
    if (wait > 0) {
      park(now + wait, true);
    } else {
      effects.add(new Serve(held.token()));
    }
  }

  private void lookUpWithoutToken(LookUp lookUp) {
    if (state.isOverForGood()) {
      effects.add(new Refuse(Why.LOGIN_REQUIRED));
      return;
    }
    // Somebody waits now, so a person may be asked.
    state = state.withOver(null);
    Attempts attempts = state.attempts();
    boolean mayStart = now - attempts.nextForWaiting(now) >= 0;
    if (state.flight() == null && !mayStart && !canWait(lookUp)) {
      effects.add(new Refuse(Why.FAILURE));
      return;
    }
    if (state.flight() == null && mayStart) {
      start(false);
    }
    if (lookUp.mayWait() && lookUp.deadline() - now > 0) {
      park(lookUp.deadline(), false);
    } else {
      effects.add(new Refuse(Why.TIMEOUT));
    }
  }

  /** Whether waiting for the next attempt makes sense while none may be made. */
  private boolean canWait(LookUp lookUp) {
    Attempts attempts = state.attempts();
    boolean comesTooLate =
        attempts.isFirm() && attempts.nextForWaiting(now) - lookUp.deadline() > 0;
    return lookUp.mayWait() && !attempts.isHopeless() && !comesTooLate;
  }

  private void park(long until, boolean hasToken) {
    state =
        hasToken
            ? state.withWaiters(state.waiting(), state.parked() + 1)
            : state.withWaiters(state.waiting() + 1, state.parked());
    effects.add(new Park(until, hasToken));
  }

  /** The caller gets the token in hand after all, waits on for one, or is told why not. */
  private void waitEnded(SourceEvent.WaitEnded ended) {
    state =
        ended.wasParked()
            ? state.withWaiters(state.waiting(), state.parked() - 1)
            : state.withWaiters(state.waiting() - 1, state.parked());
    Held held = state.held();
    if (held != null && held.isUsable(now) && !held.token().equals(ended.refused())) {
      effects.add(new Serve(held.token()));
    } else if (state.isOverForGood()) {
      effects.add(new Refuse(Why.LOGIN_REQUIRED));
    } else if (ended.deadline() - now > 0) {
      lookUpWithoutToken(new LookUp(ended.deadline(), true, Demand.USABLE, ended.refused()));
    } else {
      effects.add(new Refuse(Why.TIMEOUT));
    }
  }

  // ---- attempts begin

  private void woken(boolean wasUsed) {
    if (state.isClosed() || state.over() != null || state.flight() != null) {
      return;
    }
    if (state.isAwaited()) {
      if (now - state.attempts().nextForWaiting(now) >= 0) {
        start(false);
      }
      return;
    }
    Held held = state.held();
    if (held == null || !held.isUsable(now) || now - held.softAt() < 0) {
      return;
    }
    if (wasUsed || state.attempts().failures() > 0) {
      startIfAllowed(true);
    } else {
      state = state.withIdle(true);
    }
  }

  private void nudged() {
    if (!state.isClosed() && !state.hasUsable(now)) {
      startIfAllowed(false);
    }
  }

  private void startIfAllowed(boolean isBackground) {
    state = state.withIdle(false);
    if (state.flight() == null && state.over() == null && state.attempts().allows(now)) {
      start(isBackground);
    }
  }

  private void start(boolean isBackground) {
    Flight flight = new Flight(state.flights() + 1, now, isBackground);
    state = state.taken(flight);
    effects.add(new StartFlight(flight.number()));
  }

  // ---- attempts end

  private boolean isCurrent(long number) {
    Flight flight = state.flight();
    return flight != null && flight.number() == number && !state.isClosed();
  }

  private void obtained(Obtained event) {
    Flight flight = state.flight();
    if (flight == null || !isCurrent(event.flight())) {
      return;
    }
    Held old = state.held();
    long lead = old == null ? 0 : Math.max(0, old.endsAt() - now);
    effects.add(
        new AnnounceObtained(
            event.token(), flight.isBackground(), lead, state.attempts().failures() + 1));
    effects.add(new ReleaseAll(event.token()));
    boolean isKept = event.held() != null && event.held().isUsable(now);
    state =
        state
            .landed()
            .withWaiters(0, 0)
            .withOver(null)
            .withIdle(false)
            .withHeld(isKept ? event.held() : old)
            .withAttempts(isKept ? Attempts.NONE : state.attempts().zeroLife(now));
  }

  private void failed(Failed event) {
    if (!isCurrent(event.flight())) {
      return;
    }
    boolean isServing = state.hasUsable(now);
    Backoff.Delay delay = delayAfter(event, isServing);
    state = state.landed().withAttempts(state.attempts().failed(event.failure(), now, delay));
    effects.add(
        new AnnounceFailed(event.failure(), state.attempts().failures(), isServing, delay.nanos()));
    releaseParked();
    if (state.attempts().isHopeless()) {
      refuseWaiting(Why.FAILURE);
    } else if (state.isAwaited() && delay.isFirm()) {
      effects.add(new RefuseLate(state.attempts().nextForWaiting(now)));
    }
  }

  private Backoff.Delay delayAfter(Failed event, boolean isServing) {
    Held held = state.held();
    if (event.quietNanos() > 0) {
      return afterUnclearSend(event.quietNanos(), held, isServing);
    }
    Failure failure = event.failure();
    Attempts attempts = state.attempts();
    long left = held == null || !isServing ? 0 : held.endsAt() - now;
    Backoff.Delay delay =
        Backoff.after(failure, attempts.failures() + 1, event.random(), state.isAwaited(), left);
    return failure.kind().isTransient()
        ? delay
        : Doubt.about(failure.kind(), attempts.refusalsWith(failure), held, now, delay);
  }

  private void refuseWaiting(Why why) {
    if (state.waiting() + state.parked() > 0) {
      effects.add(new RefuseAll(why));
      state = state.withWaiters(0, 0);
    }
  }

  /**
   * A rotating refresh token that may have been used up is not sent again before the first request
   * cannot be processed any more, and while the token in hand lasts, not before its hard margin: a
   * strict server ends the grant because of the second request. Callers to whom that token is of no
   * use, for an API refused it, wait for the first alone.
   */
  private Backoff.Delay afterUnclearSend(long quiet, @Nullable Held held, boolean isServing) {
    long nearEnd = held != null && isServing ? held.hardAt() - now : 0;
    return new Backoff.Delay(Math.max(quiet, nearEnd), true, quiet);
  }

  private void grantOver(GrantOver event) {
    if (!isCurrent(event.flight())) {
      return;
    }
    state = state.landed().withOver(event.over());
    effects.add(new AnnounceOver(event.over()));
    releaseParked();
    if (!state.isOverForGood() && state.isAwaited()) {
      state = state.withOver(null);
      start(false);
    } else {
      refuseWaiting(Why.LOGIN_REQUIRED);
    }
  }

  /** Those whose token ended meanwhile stay: their wait ends soon, and they are asked again. */
  private void releaseParked() {
    Held held = state.held();
    if (held != null && held.isUsable(now) && state.parked() > 0) {
      effects.add(new ReleaseParked(held.token()));
      state = state.withWaiters(state.waiting(), 0);
    }
  }

  // ---- others change the grant; an attempt under way finds out by itself

  private void adopted(Held held) {
    if (state.isClosed() || state.flight() != null || !held.isUsable(now)) {
      return;
    }
    if (state.waiting() + state.parked() > 0) {
      effects.add(new ReleaseAll(held.token()));
    }
    state =
        state
            .withWaiters(0, 0)
            .withOver(null)
            .withIdle(false)
            .withHeld(held)
            .withAttempts(Attempts.NONE);
  }

  private void endedElsewhere(Over over) {
    boolean asksAnyway = over.isLoginPossible() && state.isAwaited();
    if (state.isClosed() || state.flight() != null || state.over() != null || asksAnyway) {
      return;
    }
    state = state.withOver(over);
    effects.add(new AnnounceOver(over));
    releaseParked();
    refuseWaiting(Why.LOGIN_REQUIRED);
  }

  private void begunAnew() {
    if (state.isClosed()) {
      return;
    }
    state = state.withHeld(null);
    if (state.flight() != null) {
      return;
    }
    state = state.withOver(null).withAttempts(Attempts.NONE);
    if (state.isAwaited()) {
      start(false);
    }
  }

  // ---- the rest

  private void withdrawn(SourceEvent.Withdrawn event) {
    Held held = state.held();
    if (held != null && held.token().equals(event.token())) {
      state = state.withHeld(null);
    }
  }

  /** What an attempt under way brings is of no use any more. */
  private void grantWithdrawn(@Nullable Over over) {
    Over before = state.over();
    boolean isNews = before == null || over == null || before.reason() != over.reason();
    state = state.withHeld(null);
    if (over == null || state.isClosed()) {
      return;
    }
    state = state.landed().withOver(over);
    if (isNews) {
      effects.add(new AnnounceOver(over));
    }
    refuseWaiting(Why.LOGIN_REQUIRED);
  }

  private void wallSeen(SourceEvent.WallSeen event) {
    Held held = state.held();
    if (held != null) {
      state = state.withHeld(held.seenAt(now, event.wall()));
    }
  }
}
