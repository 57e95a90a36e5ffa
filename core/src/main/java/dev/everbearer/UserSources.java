package dev.everbearer;

import dev.everbearer.grant.ConnectedGrant;
import dev.everbearer.renewal.internal.ManagedTokenSource;
import dev.everbearer.renewal.internal.Timing;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenState;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sources of users, as many as are in use: those that nobody used for a while are let go of,
 * and so are the longest unused ones beyond a bound. Whoever still has one in hand gets it back by
 * using it. Thread-safe.
 */
final class UserSources implements AutoCloseable {

  /**
   * How many sources are kept.
   *
   * @param atMost beyond that those without a call under way are let go of
   * @param idle for how long one stays that nobody uses
   */
  record Limits(int atMost, Duration idle) {}

  /** So that making room is rare: each time a tenth of all go. */
  private static final int SHARE = 10;

  private static final int LOOKS_IN_IDLE_TIME = 4;

  private final Function<ConnectedGrant, ManagedTokenSource> opener;
  private final Limits limits;
  private final ConcurrentMap<ConnectedGrant, UserSource> kept = new ConcurrentHashMap<>();
  private final ReentrantLock upkeep = new ReentrantLock();
  private final Object lock = new Object();
  private @Nullable Future<?> ticking; // guarded by lock
  private boolean isClosed; // guarded by lock

  UserSources(Function<ConnectedGrant, ManagedTokenSource> opener, Limits limits) {
    this.opener = opener;
    this.limits = limits;
  }

  /** A user's source, made if there is none. */
  UserSource get(ConnectedGrant grant, Timing timing) {
    start(timing);
    UserSource source = kept.get(grant);
    if (source == null) {
      source = kept.computeIfAbsent(grant, each -> new UserSource(each, this, timing));
    }
    source.used();
    if (kept.size() > limits.atMost()) {
      makeRoom();
    }
    return source;
  }

  /** The engine of a source, opened anew if that was let go of. */
  ManagedTokenSource open(UserSource asked) {
    UserSource current =
        kept.compute(
            asked.grant,
            (grant, other) -> {
              UserSource chosen = other == null ? asked : other;
              if (chosen.engine == null) {
                chosen.engine = opener.apply(grant);
              }
              return chosen;
            });
    current.used();
    ManagedTokenSource engine = current.engine;
    return engine == null ? open(asked) : engine;
  }

  /** Gives a source up for all who have it. */
  void close(UserSource source) {
    if (kept.remove(source.grant, source)) {
      closeEngine(source);
    }
  }

  private static void closeEngine(UserSource source) {
    ManagedTokenSource engine = source.engine;
    source.engine = null;
    if (engine != null) {
      engine.close();
    }
  }

  // ---- upkeep

  private void start(Timing timing) {
    synchronized (lock) {
      if (isClosed) {
        throw new SourceClosedException();
      }
      if (ticking == null) {
        long period = Math.max(1, limits.idle().toNanos() / LOOKS_IN_IDLE_TIME);
        ticking =
            timing
                .scheduler()
                .scheduleWithFixedDelay(this::tick, period, period, TimeUnit.NANOSECONDS);
      }
    }
  }

  private void tick() {
    kept.values().forEach(this::lookAfter);
  }

  private void lookAfter(UserSource source) {
    if (source.idleNanos() >= limits.idle().toNanos()) {
      letGo(source);
      return;
    }
    ManagedTokenSource engine = source.engine;
    if (engine != null && engine.state() == TokenState.LOGIN_REQUIRED) {
      // A store's notice of a new login may have been lost.
      engine.storeChanged();
    }
  }

  private void makeRoom() {
    if (!upkeep.tryLock()) {
      return;
    }
    try {
      int tooMany = kept.size() - (limits.atMost() - limits.atMost() / SHARE);
      List<UserSource> longestUnused =
          kept.values().stream()
              .map(source -> new Aged(source, source.idleNanos()))
              .sorted(Comparator.comparingLong(Aged::idleNanos).reversed())
              .limit(Math.max(0, tooMany))
              .map(Aged::source)
              .toList();
      longestUnused.forEach(this::letGo);
    } finally {
      upkeep.unlock();
    }
  }

  /** As seen once, for an order that holds. */
  private record Aged(UserSource source, long idleNanos) {}

  /** Unless a call is under way. Nobody opens it meanwhile, for both happen under its key. */
  private void letGo(UserSource source) {
    kept.computeIfPresent(
        source.grant,
        (grant, current) -> {
          ManagedTokenSource engine = source.engine;
          if (current != source) {
            return current;
          }
          source.engine = null;
          if (engine != null && !engine.closeIfIdle()) {
            source.engine = engine;
            return current;
          }
          return null;
        });
  }

  int size() {
    return kept.size();
  }

  String diagnose() {
    int count = kept.size();
    return count == 0 ? "" : "Tokens of " + count + " connected user" + (count == 1 ? "." : "s.");
  }

  /** Ends all of them. */
  @Override
  public void close() {
    synchronized (lock) {
      isClosed = true;
      if (ticking != null) {
        ticking.cancel(false);
      }
    }
    kept.values().forEach(UserSources::closeEngine);
    kept.clear();
  }
}
