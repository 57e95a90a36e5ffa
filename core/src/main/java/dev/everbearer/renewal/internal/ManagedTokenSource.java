package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.internal.SourceEffect.Park;
import dev.everbearer.renewal.internal.SourceEffect.Refuse;
import dev.everbearer.renewal.internal.SourceEffect.Serve;
import dev.everbearer.renewal.internal.SourceEffect.Why;
import dev.everbearer.renewal.internal.SourceEvent.Demand;
import dev.everbearer.renewal.internal.SourceEvent.LookUp;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import dev.everbearer.token.TokenTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what {@link Lifecycle} decides. A fresh token is served by one volatile read and one
 * clock read; everything else takes the lock, makes a step, and does what may block after the lock
 * is given back.
 */
public final class ManagedTokenSource implements TokenSource {

  /** What the fast path needs, published as one. */
  private static final class Snapshot {
    final AccessToken token;
    final long quietUntil;

    /**
     * Whether anybody was served. A plain field, written once: a lost write only makes the source
     * look idle for one life.
     */
    boolean isUsed;

    Snapshot(AccessToken token, long quietUntil, boolean isUsed) {
      this.token = token;
      this.quietUntil = quietUntil;
      this.isUsed = isUsed;
    }
  }

  private static final Duration LONGEST_WAIT = Duration.ofDays(1);
  private static final AccessToken NO_TOKEN = AccessToken.bearer("none");

  private final SourceSettings settings;
  private final LongSupplier nanoTime;
  private final Flights flights;
  private final Reporter reporter;
  private final Consumer<Instant> clockWatcher = this::wallSeen;

  private final ReentrantLock lock = new ReentrantLock();
  private final Waiters waiters; // guarded by lock
  private final RefusalLedger refusals = new RefusalLedger(); // guarded by lock
  private SourceState state; // guarded by lock
  private @Nullable Future<?> wake; // guarded by lock
  private long wakeAt; // guarded by lock; meaningful while wake is set

  private volatile Snapshot snapshot;

  /** A source that holds nothing yet; nothing is asked for before somebody asks it. */
  public ManagedTokenSource(SourceSettings settings, GrantRenewer renewer) {
    this(settings, (Renewer) renewer);
  }

  ManagedTokenSource(SourceSettings settings, Renewer renewer) {
    this.settings = settings;
    this.nanoTime = settings.timing().nanoTime();
    this.flights = new Flights(settings, renewer, this::accept);
    this.reporter = new Reporter(settings.name(), settings.announcer());
    this.waiters = new Waiters(settings.timing(), reporter, this::timedOut);
    long now = settings.timing().nanoTime().getAsLong();
    this.state = SourceState.empty(now);
    this.snapshot = new Snapshot(NO_TOKEN, now, false);
    settings.clockWatch().add(clockWatcher);
  }

  // ---- look-ups

  @Override
  public AccessToken token() {
    Snapshot current = snapshot;
    if (current.quietUntil - nanoTime.getAsLong() > 0) {
      if (!current.isUsed) {
        current.isUsed = true;
      }
      return current.token;
    }
    return token(settings.maxWait());
  }

  @Override
  public AccessToken token(Duration maxWait) {
    Snapshot current = snapshot;
    if (current.quietUntil - nanoTime.getAsLong() > 0) {
      current.isUsed = true;
      return current.token;
    }
    return await(lookUp(maxWait, Demand.USABLE, null));
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync() {
    return tokenAsync(settings.maxWait());
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync(Duration maxWait) {
    Snapshot current = snapshot;
    if (current.quietUntil - nanoTime.getAsLong() > 0) {
      current.isUsed = true;
      return CompletableFuture.completedStage(current.token);
    }
    return lookUp(maxWait, Demand.USABLE, null).stage();
  }

  @Override
  public CompletionStage<AccessToken> freshTokenAsync(Duration maxWait) {
    return lookUp(maxWait, Demand.FRESH, null).stage();
  }

  @Override
  public CompletionStage<AccessToken> replacementAsync(
      AccessToken refused, URI api, Duration maxWait) {
    lock.lock();
    try {
      boolean joinsOthers = state.flight() != null || state.isAwaited();
      Held held = state.held();
      boolean hasOther = held != null && !held.token().equals(refused);
      if (!joinsOthers && !hasOther && !refusals.tryAcquire(api.toString(), nanoTime.getAsLong())) {
        return CompletableFuture.failedStage(reporter.tooManyRefusals(api));
      }
    } finally {
      lock.unlock();
    }
    return lookUp(maxWait, Demand.USABLE, refused).stage();
  }

  /** The answer to a look-up: a token, an error, or a place among those who wait. */
  private record Reply(
      @Nullable AccessToken token, @Nullable OAuthException error, @Nullable Waiter waiter) {

    CompletionStage<AccessToken> stage() {
      if (token != null) {
        return CompletableFuture.completedStage(token);
      }
      return waiter != null ? waiter.stage() : CompletableFuture.failedStage(error);
    }
  }

  private Reply lookUp(Duration maxWait, Demand demand, @Nullable AccessToken refused) {
    List<Runnable> afterwards = new ArrayList<>();
    Reply reply;
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      long wait = nanos(maxWait);
      LookUp lookUp = new LookUp(now + wait, wait > 0, demand, refused);
      reply = replyTo(lookUp, now, wait, afterwards);
    } finally {
      lock.unlock();
    }
    afterwards.forEach(Runnable::run);
    return reply;
  }

  /** The wait in nanoseconds; more than a day is a day. */
  private static long nanos(Duration maxWait) {
    return maxWait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT.toNanos() : maxWait.toNanos();
  }

  private Reply replyTo(LookUp lookUp, long now, long wait, List<Runnable> afterwards) {
    List<SourceEffect> effects = step(lookUp, now, afterwards);
    for (SourceEffect effect : effects) {
      if (effect instanceof Serve serve) {
        snapshot.isUsed = true;
        return new Reply(serve.token(), null, null);
      }
      if (effect instanceof Refuse refuse) {
        return new Reply(null, reporter.error(refuse.why(), state, wait), null);
      }
      if (effect instanceof Park park) {
        return new Reply(null, null, waiters.park(lookUp, park, now));
      }
    }
    throw new IllegalStateException("A look-up without an answer.");
  }

  private AccessToken await(Reply reply) {
    if (reply.token() != null) {
      return reply.token();
    }
    if (reply.error() != null) {
      throw reply.error();
    }
    Waiter waiter = reply.waiter();
    if (waiter == null) {
      throw new IllegalStateException("A look-up without an answer.");
    }
    try {
      return waiter.await();
    } catch (InterruptedException e) {
      gaveUp(waiter);
      Thread.currentThread().interrupt();
      throw TokenTimeoutException.interrupted();
    }
  }

  // ---- waiters leave

  /** The time is up: the waiter gets what is in hand, or is told why there is nothing. */
  private void timedOut(Waiter waiter) {
    underLock(
        afterwards -> {
          if (waiters.remove(waiter)) {
            long now = nanoTime.getAsLong();
            SourceEvent ended = new SourceEvent.WaitEnded(waiter.isParked, waiter.refused);
            step(ended, now, afterwards).forEach(effect -> answer(waiter, effect, now, afterwards));
          }
        });
  }

  private void answer(Waiter waiter, SourceEffect effect, long now, List<Runnable> afterwards) {
    if (effect instanceof Serve serve) {
      snapshot.isUsed = true;
      afterwards.add(() -> waiters.complete(waiter, serve.token(), null));
    } else if (effect instanceof Refuse refuse) {
      OAuthException error = reporter.error(refuse.why(), state, now - waiter.startedAt);
      afterwards.add(() -> waiters.complete(waiter, null, error));
    }
  }

  private void gaveUp(Waiter waiter) {
    underLock(
        afterwards -> {
          if (waiters.remove(waiter)) {
            step(left(waiter), nanoTime.getAsLong(), afterwards);
          }
        });
  }

  private static SourceEvent left(Waiter waiter) {
    return waiter.isParked ? new SourceEvent.Left(0, 1) : new SourceEvent.Left(1, 0);
  }

  // ---- steps

  /** Takes an event that is no look-up. */
  private void accept(SourceEvent event) {
    underLock(afterwards -> step(event, nanoTime.getAsLong(), afterwards));
  }

  /** Does something under the lock, and what it puts off after it. */
  private void underLock(Consumer<List<Runnable>> work) {
    List<Runnable> afterwards = new ArrayList<>();
    lock.lock();
    try {
      work.accept(afterwards);
    } finally {
      lock.unlock();
    }
    afterwards.forEach(Runnable::run);
  }

  /** Makes a step under the lock; what may block is put off until after it. */
  private List<SourceEffect> step(SourceEvent event, long now, List<Runnable> afterwards) {
    if (event instanceof SourceEvent.Woken) {
      wake = null;
    }
    SourceState before = state;
    Lifecycle.Step step = Lifecycle.step(state, event, now);
    state = step.state();
    boolean isUsed = false;
    for (SourceEffect effect : step.effects()) {
      isUsed |= carryOut(effect, now, afterwards);
    }
    publish(before, isUsed, now);
    return step.effects();
  }

  /** Carries out one effect; says whether it handed out a token. */
  private boolean carryOut(SourceEffect effect, long now, List<Runnable> afterwards) {
    if (effect instanceof SourceEffect.StartFlight start) {
      afterwards.add(() -> flights.start(start.number()));
    } else if (effect instanceof SourceEffect.ReleaseAll release) {
      return waiters.release(waiter -> true, release.token(), afterwards);
    } else if (effect instanceof SourceEffect.ReleaseParked release) {
      return waiters.release(waiter -> waiter.isParked, release.token(), afterwards);
    } else if (effect instanceof SourceEffect.RefuseAll refuse) {
      refuse(waiter -> true, refuse.why(), now, afterwards);
    } else if (effect instanceof SourceEffect.RefuseLate refuse) {
      Predicate<Waiter> isLate =
          waiter -> !waiter.isParked && waiter.deadline - refuse.nextAttemptAt() < 0;
      int late = refuse(isLate, Why.FAILURE, now, afterwards);
      state = Lifecycle.step(state, new SourceEvent.Left(late, 0), now).state();
    } else {
      reporter.report(effect, afterwards);
    }
    return false;
  }

  private int refuse(Predicate<Waiter> which, Why why, long now, List<Runnable> afterwards) {
    return waiters.refuse(
        which, waiter -> reporter.error(why, state, now - waiter.startedAt), afterwards);
  }

  /** Derives from the new state what the fast path and the timer need. */
  private void publish(SourceState before, boolean isUsed, long now) {
    Held held = state.held();
    boolean isSameToken =
        held != null && before.held() != null && held.token().equals(before.held().token());
    snapshot =
        new Snapshot(
            held == null ? NO_TOKEN : held.token(),
            state.quietUntil(now),
            isUsed || (isSameToken && snapshot.isUsed));
    rewake(now);
  }

  private void rewake(long now) {
    long in = state.wakeIn(now);
    long at = now + in;
    if (in != Long.MAX_VALUE && wake != null && at == wakeAt) {
      return;
    }
    if (wake != null) {
      wake.cancel(false);
      wake = null;
    }
    if (in != Long.MAX_VALUE) {
      wakeAt = at;
      wake = settings.timing().scheduler().schedule(this::wakeUp, in, TimeUnit.NANOSECONDS);
    }
  }

  private void wakeUp() {
    accept(new SourceEvent.Woken(snapshot.isUsed || settings.policy().renewsIdle()));
  }

  private void wallSeen(Instant wall) {
    accept(new SourceEvent.WallSeen(wall));
  }

  // ---- the rest

  @Override
  public void invalidate(AccessToken token) {
    lock.lock();
    try {
      Held held = state.held();
      if (held == null
          || !held.token().equals(token)
          || !refusals.tryAcquire("withdrawn by the caller", nanoTime.getAsLong())) {
        return;
      }
    } finally {
      lock.unlock();
    }
    accept(new SourceEvent.Withdrawn(token));
  }

  @Override
  public void healed(URI api) {
    reporter.healed(api);
  }

  @Override
  public TokenState state() {
    lock.lock();
    try {
      return state.tokenState(nanoTime.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String diagnose() {
    lock.lock();
    try {
      return Diagnosis.of(settings.name(), state, nanoTime.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public TokenSource warmUp() {
    accept(new SourceEvent.Nudged());
    return this;
  }

  @Override
  public void close() {
    settings.clockWatch().remove(clockWatcher);
    accept(new SourceEvent.Closed());
    settings.onClose().run();
  }
}
