package dev.everbearer.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One task of a {@link SettableScheduler}; ordered by due time, then by the order of scheduling.
 */
final class SettableTask<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {

  /** How the next due time of a task follows from the last one. */
  enum Repeat {
    NEVER,
    FIXED_RATE,
    FIXED_DELAY
  }

  private final SettableClock clock;
  private final long number;
  private final Repeat repeat;
  private final long periodNanos;
  private volatile long dueNanos;

  SettableTask(
      SettableClock clock, Callable<V> work, long dueNanos, Repeat repeat, long periodNanos) {
    super(work);
    this.clock = clock;
    this.number = clock.nextTaskNumber();
    this.dueNanos = dueNanos;
    this.repeat = repeat;
    this.periodNanos = periodNanos;
  }

  long dueNanos() {
    return dueNanos;
  }

  @Override
  public boolean isPeriodic() {
    return repeat != Repeat.NEVER;
  }

  @Override
  public void run() {
    if (!isPeriodic()) {
      super.run();
    } else if (runAndReset() && !clock.scheduler().isShutdown()) {
      dueNanos = (repeat == Repeat.FIXED_RATE ? dueNanos : clock.nanoTime()) + periodNanos;
      clock.add(this);
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      clock.remove(this);
    }
    return cancelled;
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(dueNanos - clock.nanoTime(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    if (other instanceof SettableTask<?> task) {
      int byDueTime = Long.signum(dueNanos - task.dueNanos);
      return byDueTime != 0 ? byDueTime : Long.compare(number, task.number);
    }
    return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
  }
}
