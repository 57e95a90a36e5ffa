package dev.everbearer.renewal.internal;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the wall clock against the monotonic one, once a second for all sources, so that a look-up
 * need not: a step of the wall clock, or a sleep of the machine during which the monotonic clock
 * stood still, is seen within a tick.
 */
public final class ClockWatch implements AutoCloseable {

  private static final long TICK_MILLIS = 1000;
  private static final long TOLERANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Timing timing;
  private final Set<Consumer<Instant>> watchers = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();
  private long offset; // guarded by lock
  private @Nullable ScheduledFuture<?> ticking; // guarded by lock

  /** A watch that ticks while anyone listens. */
  public ClockWatch(Timing timing) {
    this.timing = timing;
  }

  /** Tells a watcher of each step, with the wall clock's new time. */
  void add(Consumer<Instant> watcher) {
    watchers.add(watcher);
    synchronized (lock) {
      if (ticking == null) {
        offset = offset(timing.wall().instant(), timing.nanoTime().getAsLong());
        ticking =
            timing
                .scheduler()
                .scheduleWithFixedDelay(
                    this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  void remove(Consumer<Instant> watcher) {
    watchers.remove(watcher);
    synchronized (lock) {
      if (watchers.isEmpty() && ticking != null) {
        ticking.cancel(false);
        ticking = null;
      }
    }
  }

  private void tick() {
    Instant wall = timing.wall().instant();
    synchronized (lock) {
      long seen = offset(wall, timing.nanoTime().getAsLong());
      if (Math.abs(seen - offset) <= TOLERANCE_NANOS) {
        return;
      }
      offset = seen;
    }
    watchers.forEach(watcher -> watcher.accept(wall));
  }

  private static long offset(Instant wall, long nanos) {
    return wall.getEpochSecond() * 1_000_000_000L + wall.getNano() - nanos;
  }

  @Override
  public void close() {
    synchronized (lock) {
      watchers.clear();
      if (ticking != null) {
        ticking.cancel(false);
        ticking = null;
      }
    }
  }
}
