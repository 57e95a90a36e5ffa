package dev.everbearer.testing;

import dev.everbearer.testing.SettableTask.Repeat;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The scheduler of a {@link SettableClock}: it files tasks with the clock, which runs them. */
final class SettableScheduler extends AbstractExecutorService implements ScheduledExecutorService {

  /** Differences of due times stay within a signed long up to here. */
  private static final long LONGEST_DELAY_NANOS = Long.MAX_VALUE / 2;

  private final SettableClock clock;
  private volatile boolean shutdown;

  SettableScheduler(SettableClock clock) {
    this.clock = clock;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return file(Executors.callable(command), delay, 0, Repeat.NEVER, unit);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return file(callable, delay, 0, Repeat.NEVER, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return file(
        Executors.callable(command), initialDelay, positive(period), Repeat.FIXED_RATE, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return file(
        Executors.callable(command), initialDelay, positive(delay), Repeat.FIXED_DELAY, unit);
  }

  @Override
  public void execute(Runnable command) {
    var unused = schedule(command, 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public void shutdown() {
    shutdownNow();
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    List<SettableTask<?>> dropped = clock.removeAll();
    dropped.forEach(task -> task.cancel(false));
    return List.copyOf(dropped);
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shutdown;
  }

  private <V> SettableTask<V> file(
      Callable<V> work, long delay, long period, Repeat repeat, TimeUnit unit) {
    if (shutdown) {
      throw new RejectedExecutionException("The scheduler is shut down");
    }
    long due = clock.nanoTime() + nanos(Math.max(0, delay), unit);
    SettableTask<V> task = new SettableTask<>(clock, work, due, repeat, nanos(period, unit));
    clock.add(task);
    return task;
  }

  private static long nanos(long amount, TimeUnit unit) {
    return Math.min(unit.toNanos(amount), LONGEST_DELAY_NANOS);
  }

  private static long positive(long period) {
    if (period <= 0) {
      throw new IllegalArgumentException("The period must be positive, not " + period);
    }
    return period;
  }
}
