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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final Duration maxWait;
  private final LongSupplier nanoTime;
  private final Flights flights;
  private final Reporter reporter;
  private final Consumer<Instant> clockWatcher = this::wallSeen;

  private final ReentrantLock lock = new ReentrantLock();
  private final Waiters waiters; // guarded by lock
  private @Nullable RefusalLedger refusals; // guarded by lock; made with the first refusal
  private SourceState state = SourceState.EMPTY; // guarded by lock
  private @Nullable Future<?> wake; // guarded by lock
  private long wakeAt; // guarded by lock; meaningful while wake is set
  private boolean looksAgain; // guarded by lock; after the attempt under way

  private volatile Snapshot snapshot;
  private volatile Consumer<TokenSource> onClose;
  private final AtomicBoolean isLookDue = new AtomicBoolean();

  /**
   * A source that holds nothing yet; nothing is asked for before somebody asks it.
   *
   * @param settings shared by all sources of a client
   * @param name what people call its grant; holds no secret
   * @param subject whose grant it is; empty when it is the client's own
   * @param maxWait how long callers wait that do not say
   * @param onClose is given the source when that is closed
   */
  public ManagedTokenSource(
      SourceSettings settings,
      String name,
      String subject,
      Duration maxWait,
      GrantRenewer renewer,
      Consumer<TokenSource> onClose) {
    this(settings, name, subject, maxWait, (Renewer) renewer, onClose);
  }

  ManagedTokenSource(
      SourceSettings settings,
      String name,
      String subject,
      Duration maxWait,
      Renewer renewer,
      Consumer<TokenSource> onClose) {
    this.settings = settings;
    this.maxWait = maxWait;
    this.onClose = onClose;
    this.nanoTime = settings.timing().nanoTime();
    this.flights = new Flights(settings, name, renewer, this::accept);
    this.reporter = new Reporter(name, subject, settings.announcer());
    this.waiters = new Waiters(settings.timing(), reporter, this::timedOut);
    long now = settings.timing().nanoTime().getAsLong();
    this.snapshot = new Snapshot(NO_TOKEN, now, false);
    settings.clockWatch().add(clockWatcher);
  }

  // ---- look-ups

  @Override
  public AccessToken token() {
    AccessToken token = quick();
    return token != null ? token : await(maxWait);
  }

  @Override
  public AccessToken token(Duration maxWait) {
    AccessToken token = quick();
    return token != null ? token : await(maxWait);
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync() {
    return tokenAsync(maxWait);
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync(Duration maxWait) {
    AccessToken token = quick();
    return token != null
        ? CompletableFuture.completedStage(token)
        : lookUp(new Call(maxWait, Demand.USABLE, null, null, true)).stage();
  }

  @Override
  public CompletionStage<AccessToken> freshTokenAsync(Duration maxWait) {
    return lookUp(new Call(maxWait, Demand.FRESH, null, null, true)).stage();
  }

  @Override
  public CompletionStage<AccessToken> replacementAsync(
      AccessToken refused, URI api, Duration maxWait) {
    return lookUp(new Call(maxWait, Demand.USABLE, refused, api, true)).stage();
  }

  /** The fast path: one volatile read and one clock read. Null when there is more to think of. */
  private @Nullable AccessToken quick() {
    Snapshot current = snapshot;
    if (current.quietUntil - nanoTime.getAsLong() <= 0) {
      return null;
    }
    if (!current.isUsed) {
      current.isUsed = true;
    }
    return current.token;
  }

  /**
   * A caller's wish.
   *
   * @param refused a token that will not do, for the API refused it; null when any will
   * @param api which API that was; null when none
   * @param isStage whether the caller hangs on to a stage rather than blocks
   */
  private record Call(
      Duration maxWait,
      Demand demand,
      @Nullable AccessToken refused,
      @Nullable URI api,
      boolean isStage) {}

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

  private Reply lookUp(Call call) {
    List<Runnable> afterwards = new ArrayList<>();
    Reply reply;
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      URI api = call.api();
      reply =
          api != null && !mayForceRenewal(call, api, now)
              ? new Reply(null, reporter.tooManyRefusals(api), null)
              : replyTo(call, now, afterwards);
    } finally {
      lock.unlock();
    }
    runAll(afterwards);
    return reply;
  }

  /** Whether an API that refused a token may have it renewed, or joins a renewal under way. */
  private boolean mayForceRenewal(Call call, URI api, long now) {
    boolean joinsOthers = state.flight() != null || state.isAwaited();
    Held held = state.held();
    boolean hasOther = held != null && !held.token().equals(call.refused());
    return joinsOthers || hasOther || refusals().tryAcquire(api.toString(), now);
  }

  private RefusalLedger refusals() {
    RefusalLedger ledger = refusals == null ? new RefusalLedger() : refusals;
    refusals = ledger;
    return ledger;
  }

  /** The wait in nanoseconds; more than a day is a day. */
  private static long nanos(Duration maxWait) {
    return maxWait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT.toNanos() : maxWait.toNanos();
  }

  private Reply replyTo(Call call, long now, List<Runnable> afterwards) {
    long wait = nanos(call.maxWait());
    LookUp lookUp = new LookUp(now + wait, wait > 0, call.demand(), call.refused());
    for (SourceEffect effect : step(lookUp, now, afterwards)) {
      if (effect instanceof Serve serve) {
        snapshot.isUsed = true;
        return new Reply(serve.token(), null, null);
      }
      if (effect instanceof Refuse refuse) {
        return new Reply(null, reporter.error(refuse.why(), state, wait), null);
      }
      if (effect instanceof Park park) {
        return new Reply(null, null, waiters.park(lookUp, park, now, call.isStage()));
      }
    }
    throw new IllegalStateException("A look-up without an answer.");
  }

  private AccessToken await(Duration maxWait) {
    Reply reply = lookUp(new Call(maxWait, Demand.USABLE, null, null, false));
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
            SourceEvent ended =
                new SourceEvent.WaitEnded(waiter.isParked, waiter.deadline, waiter.refused);
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
    } else if (effect instanceof Park park) {
      waiters.park(waiter, park, now);
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
    runAll(afterwards);
  }

  /** Each on its own: one that throws must not keep a caller waiting for ever. */
  private void runAll(List<Runnable> afterwards) {
    for (Runnable task : afterwards) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        reporter.unexpected(e);
      }
    }
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
    if (looksAgain && state.flight() == null) {
      looksAgain = false;
      afterwards.add(this::storeChanged);
    }
    return step.effects();
  }

  /** Carries out one effect; says whether it handed out a token. */
  private boolean carryOut(SourceEffect effect, long now, List<Runnable> afterwards) {
    if (effect instanceof SourceEffect.StartFlight start) {
      long untilDue = state.untilDue(now);
      afterwards.add(() -> flights.start(start.number(), untilDue));
    } else if (effect instanceof SourceEffect.ReleaseAll release) {
      // A server may give the refused token again: that is no other token.
      refuse(waiter -> release.token().equals(waiter.refused), Why.TIMEOUT, now, afterwards);
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
      wake = schedule(in);
    }
  }

  private @Nullable Future<?> schedule(long in) {
    try {
      return settings.timing().scheduler().schedule(this::wakeUp, in, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The scheduler has ended; callers still start what is needed.
      return null;
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
          || !refusals().tryAcquire("withdrawn by the caller", nanoTime.getAsLong())) {
        return;
      }
    } finally {
      lock.unlock();
    }
    accept(new SourceEvent.Withdrawn(token));
  }

  /** Every token of the grant was taken out of use, and only a login brings the next one. */
  public void loggedOut(boolean isLoginPossible) {
    accept(new SourceEvent.GrantWithdrawn(SourceState.Over.loggedOut(isLoginPossible)));
    flights.forget();
  }

  /** Every token of the grant was taken out of use; the next caller has another one fetched. */
  public void withdrawn() {
    accept(new SourceEvent.GrantWithdrawn(null));
    flights.forget();
  }

  // ---- what others make of the grant

  /** Somebody may have changed the grant's record: has a worker look at it soon. Never blocks. */
  public void storeChanged() {
    if (isLookDue.compareAndSet(false, true)) {
      try {
        settings.timing().worker().execute(this::lookAtStore);
      } catch (RuntimeException e) {
        isLookDue.set(false);
      }
    }
  }

  /** Adopts what others have made of the grant: a newer token, a login, its end. Blocks. */
  public void lookAtStore() {
    isLookDue.set(false);
    try {
      heard(flights.look(known()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      reporter.notLookedAt(e);
    }
  }

  private Renewer.Known known() {
    lock.lock();
    try {
      Held held = state.held();
      boolean isFlying = state.flight() != null;
      looksAgain |= isFlying;
      return new Renewer.Known(
          flights.newest(),
          held == null ? 0 : held.sentAt(),
          held != null,
          state.over() != null,
          isFlying);
    } finally {
      lock.unlock();
    }
  }

  private void heard(StoreNews news) {
    if (news instanceof StoreNews.Newer newer) {
      adopt(newer.renewed());
    } else if (news instanceof StoreNews.Anew) {
      acceptUnlessFlying(new SourceEvent.BegunAnew(), new SourceEvent.BegunAnew());
    } else if (news instanceof StoreNews.Ended ended) {
      acceptUnlessFlying(
          ended.endsTokens()
              ? new SourceEvent.GrantWithdrawn(ended.over())
              : new SourceEvent.EndedElsewhere(ended.over()),
          ended.endsTokens() ? new SourceEvent.GrantWithdrawn(null) : null);
      if (ended.endsTokens()) {
        flights.forget();
      }
    }
  }

  private void adopt(Renewer.Renewed renewed) {
    underLock(
        afterwards -> {
          if (state.flight() != null || state.isClosed()) {
            looksAgain = !state.isClosed();
            return;
          }
          Held held = flights.held(renewed);
          if (held != null) {
            step(new SourceEvent.Adopted(held), nanoTime.getAsLong(), afterwards);
          }
        });
  }

  /** What an attempt under way brings is newer than this, or finds out by itself. */
  private void acceptUnlessFlying(SourceEvent event, @Nullable SourceEvent ifFlying) {
    underLock(
        afterwards -> {
          boolean isFlying = state.flight() != null;
          looksAgain |= isFlying;
          SourceEvent chosen = isFlying ? ifFlying : event;
          if (chosen != null) {
            step(chosen, nanoTime.getAsLong(), afterwards);
          }
        });
  }

  /**
   * Gives the source up if nobody waits for it and nothing is under way.
   *
   * @return whether it is given up
   */
  public boolean closeIfIdle() {
    List<Runnable> afterwards = new ArrayList<>();
    lock.lock();
    try {
      if (state.flight() != null || state.waiting() + state.parked() > 0) {
        return false;
      }
      step(new SourceEvent.Closed(), nanoTime.getAsLong(), afterwards);
    } finally {
      lock.unlock();
    }
    runAll(afterwards);
    ended();
    return true;
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
    String trouble = flights.trouble();
    lock.lock();
    try {
      return Diagnosis.of(reporter.name(), state, nanoTime.getAsLong(), trouble);
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
    accept(new SourceEvent.Closed());
    ended();
  }

  private void ended() {
    settings.clockWatch().remove(clockWatcher);
    flights.end();
    onClose.accept(this);
    onClose = closed -> {}; // It knew the grant.
  }
}
