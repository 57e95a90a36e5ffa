package dev.everbearer.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A wall clock, a monotonic clock and a scheduler that stand still until a test moves them.
 *
 * <p>{@link #advance(Duration)} lets time pass: both clocks move on together, and the tasks of the
 * {@link #scheduler()} that fall due on the way run in the order of their due times, on the calling
 * thread, each with the clocks standing at its due time. The other movers touch only the wall clock
 * and so model a clock that is set, that is stepped, and a machine that sleeps.
 *
 * <pre>{@code
 * SettableClock clock = new SettableClock();
 * clock.scheduler().schedule(() -> log.add(clock.instant()), 10, TimeUnit.SECONDS);
 * clock.advance(Duration.ofMinutes(1)); // the task runs and sees 10 seconds past the start
 * }</pre>
 *
 * <p>Safe for use by several threads. Calls of {@code advance} are carried out one after another; a
 * task may itself call {@code advance}.
 */
public final class SettableClock implements InstantSource {

  /** Where the wall clock of {@link #SettableClock()} starts. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final long DEFAULT_START_NANOS = 1_000_000_000_000L;

  private final ReentrantLock advancing = new ReentrantLock();
  private final Object lock = new Object();
  private final PriorityQueue<SettableTask<?>> tasks =
      new PriorityQueue<>(Comparator.<SettableTask<?>>naturalOrder());
  private final SettableScheduler scheduler = new SettableScheduler(this);
  private Instant wall;
  private long nanos;
  private long tasksSeen;

  /** A clock that starts at {@link #START} and at an arbitrary monotonic value. */
  public SettableClock() {
    this(START, DEFAULT_START_NANOS);
  }

  /**
   * A clock that starts at the given times.
   *
   * @param wall what {@link #instant()} answers at first
   * @param nanoTime what {@link #nanoTime()} answers at first, in nanoseconds; any value is
   *     allowed, also one so close to {@link Long#MAX_VALUE} that it overflows on the way, as the
   *     value of {@link System#nanoTime()} may
   */
  public SettableClock(Instant wall, long nanoTime) {
    this.wall = wall;
    this.nanos = nanoTime;
  }

  /** The wall clock. */
  @Override
  public Instant instant() {
    synchronized (lock) {
      return wall;
    }
  }

  /**
   * The monotonic clock in nanoseconds, to stand in for {@link System#nanoTime()}: only differences
   * of two values mean something.
   */
  public long nanoTime() {
    synchronized (lock) {
      return nanos;
    }
  }

  /**
   * Lets time pass on both clocks and runs the scheduled tasks that fall due, on this thread.
   *
   * @param duration how long; {@link Duration#ZERO} runs what is already due
   * @throws IllegalArgumentException if the duration is negative
   */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("The monotonic clock cannot go back by " + duration);
    }
    advancing.lock();
    try {
      long target = nanoTime() + duration.toNanos();
      for (SettableTask<?> task = takeDue(target); task != null; task = takeDue(target)) {
        task.run();
      }
      moveTo(target);
    } finally {
      advancing.unlock();
    }
  }

  /** Sets the wall clock alone, as an administrator or a time service does. */
  public void setWall(Instant instant) {
    synchronized (lock) {
      wall = instant;
    }
  }

  /**
   * Moves the wall clock alone by an amount.
   *
   * @param step how far; a negative step moves it back
   */
  public void stepWall(Duration step) {
    synchronized (lock) {
      wall = wall.plus(step);
    }
  }

  /**
   * Lets the machine sleep: the wall clock moves on, the monotonic clock and with it the scheduler
   * stand still, as on systems whose monotonic clock stops while they sleep.
   *
   * @param duration how long the machine sleeps
   */
  public void sleepMachine(Duration duration) {
    stepWall(duration);
  }

  /**
   * The scheduler that goes by this clock, always the same one. Its tasks, those of {@code execute}
   * and {@code submit} included, run only inside {@link #advance(Duration)}. Cancelling a task
   * removes it. {@code shutdown} and {@code shutdownNow} both drop the tasks that wait.
   */
  public ScheduledExecutorService scheduler() {
    return scheduler;
  }

  /** How many tasks wait in the scheduler; a periodic task counts as one. */
  public int pendingTasks() {
    synchronized (lock) {
      return tasks.size();
    }
  }

  /** How long until the next task of the scheduler is due, at least zero; empty without tasks. */
  public Optional<Duration> nextTaskIn() {
    synchronized (lock) {
      return Optional.ofNullable(tasks.peek())
          .map(task -> Duration.ofNanos(Math.max(0, task.dueNanos() - nanos)));
    }
  }

  long nextTaskNumber() {
    synchronized (lock) {
      return tasksSeen++;
    }
  }

  void add(SettableTask<?> task) {
    synchronized (lock) {
      tasks.add(task);
    }
  }

  void remove(SettableTask<?> task) {
    synchronized (lock) {
      tasks.remove(task);
    }
  }

  List<SettableTask<?>> removeAll() {
    synchronized (lock) {
      List<SettableTask<?>> removed = tasks.stream().sorted().toList();
      tasks.clear();
      return removed;
    }
  }

  private @Nullable SettableTask<?> takeDue(long target) {
    synchronized (lock) {
      SettableTask<?> next = tasks.peek();
      if (next == null || next.dueNanos() - target > 0) {
        return null;
      }
      moveTo(next.dueNanos());
      return tasks.poll();
    }
  }

  private void moveTo(long target) {
    synchronized (lock) {
      long step = target - nanos;
      if (step > 0) {
        nanos = target;
        wall = wall.plusNanos(step);
      }
    }
  }
}
