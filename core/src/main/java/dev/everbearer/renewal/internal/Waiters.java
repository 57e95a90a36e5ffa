package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.internal.SourceEffect.Park;
import dev.everbearer.renewal.internal.SourceEvent.LookUp;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The callers that wait for a source, each with a timer of its own. Guarded by the source's lock;
 * whoever is taken out is completed after the lock is given back.
 */
final class Waiters {

  private final Timing timing;
  private final Reporter reporter;
  private final Consumer<Waiter> onTimeUp;

  /** In the order in which they came; null while there are none, as in most sources. */
  private @Nullable Set<Waiter> waiting;

  Waiters(Timing timing, Reporter reporter, Consumer<Waiter> onTimeUp) {
    this.timing = timing;
    this.reporter = reporter;
    this.onTimeUp = onTimeUp;
  }

  /**
   * Lets a caller wait.
   *
   * @param runsForeignCode whether what it hangs on its stage must not run on a thread of ours
   */
  Waiter park(LookUp lookUp, Park park, long now, boolean runsForeignCode) {
    Waiter waiter = new Waiter(now, lookUp, park.hasToken(), runsForeignCode);
    park(waiter, park, now);
    return waiter;
  }

  /** Lets a caller wait, or wait on. */
  void park(Waiter waiter, Park park, long now) {
    waiter.isParked = park.hasToken();
    waiter.timeout =
        timing
            .scheduler()
            .schedule(() -> onTimeUp.accept(waiter), park.until() - now, TimeUnit.NANOSECONDS);
    if (waiting == null) {
      waiting = new LinkedHashSet<>();
    }
    waiting.add(waiter);
  }

  /** Takes a waiter out; false when somebody else was faster. */
  boolean remove(Waiter waiter) {
    waiter.cancelTimeout();
    boolean isOurs = waiting != null && waiting.remove(waiter);
    if (waiting != null && waiting.isEmpty()) {
      waiting = null;
    }
    return isOurs;
  }

  /** Gives a token to those that match; says whether there was any. */
  boolean release(Predicate<Waiter> which, AccessToken token, List<Runnable> afterwards) {
    List<Waiter> released = takeOut(which);
    released.forEach(waiter -> afterwards.add(() -> complete(waiter, token, null)));
    return !released.isEmpty();
  }

  /** Tells those that match, each by an exception of its own; says how many they were. */
  int refuse(
      Predicate<Waiter> which, Function<Waiter, OAuthException> error, List<Runnable> afterwards) {
    List<Waiter> refused = takeOut(which);
    for (Waiter waiter : refused) {
      OAuthException own = error.apply(waiter);
      afterwards.add(() -> complete(waiter, null, own));
    }
    return refused.size();
  }

  private List<Waiter> takeOut(Predicate<Waiter> which) {
    if (waiting == null) {
      return List.of();
    }
    List<Waiter> taken = waiting.stream().filter(which).toList();
    taken.forEach(this::remove);
    return taken;
  }

  /** Ends a wait; not under the lock, for foreign code may follow. */
  void complete(Waiter waiter, @Nullable AccessToken token, @Nullable OAuthException error) {
    waiter.complete(token, error, timing.callbacks());
    reporter.waited(timing.nanoTime().getAsLong() - waiter.startedAt, token != null);
  }
}
