package dev.everbearer.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // the tasks leave their marks in a log
class SettableClockTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final SettableClock clock = new SettableClock();
  private final ScheduledExecutorService scheduler = clock.scheduler();
  private final List<String> log = new ArrayList<>();

  private ScheduledFuture<?> logIn(long seconds, String name) {
    return scheduler.schedule(() -> note(name), seconds, TimeUnit.SECONDS);
  }

  private void note(String name) {
    log.add(name + "@" + Duration.between(START, clock.instant()).toSeconds());
  }

  @Test
  void movesBothClocksTogether() {
    long nanos = clock.nanoTime();
    assertThat(clock.instant()).isEqualTo(START);

    clock.advance(Duration.ofMillis(1500));

    assertThat(clock.instant()).isEqualTo(START.plusMillis(1500));
    assertThat(clock.nanoTime() - nanos).isEqualTo(1_500_000_000L);
    assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void movesTheWallClockAlone() {
    long nanos = clock.nanoTime();

    clock.setWall(Instant.EPOCH);
    clock.stepWall(Duration.ofHours(-1));
    clock.sleepMachine(Duration.ofHours(3));

    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plus(Duration.ofHours(2)));
    assertThat(clock.nanoTime()).isEqualTo(nanos);
  }

  @Test
  void runsTasksInDueOrderAtTheirDueTimes() {
    logIn(30, "c");
    logIn(10, "a");
    logIn(20, "b1");
    logIn(20, "b2");
    logIn(61, "later");

    clock.advance(Duration.ofSeconds(60));

    assertThat(log).containsExactly("a@10", "b1@20", "b2@20", "c@30");
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(60));
    assertThat(clock.pendingTasks()).isEqualTo(1);
    assertThat(clock.nextTaskIn()).contains(Duration.ofSeconds(1));
  }

  @Test
  void runsTasksThatTasksSchedule() {
    scheduler.schedule(() -> logIn(5, "second"), 10, TimeUnit.SECONDS);
    logIn(20, "third");

    clock.advance(Duration.ofSeconds(20));

    assertThat(log).containsExactly("second@15", "third@20");
  }

  @Test
  void staysInOrderWhereTheMonotonicClockOverflows() {
    SettableClock late = new SettableClock(START, Long.MAX_VALUE - 5);
    late.scheduler().schedule(() -> log.add("after"), 10, TimeUnit.NANOSECONDS);
    late.scheduler().schedule(() -> log.add("before"), 3, TimeUnit.NANOSECONDS);
    late.scheduler().schedule(() -> log.add("never"), Long.MAX_VALUE, TimeUnit.DAYS);

    late.advance(Duration.ofNanos(20));

    assertThat(log).containsExactly("before", "after");
    assertThat(late.nanoTime()).isEqualTo(Long.MIN_VALUE + 14);
  }

  @Test
  void runsNothingOutsideOfAdvance() {
    logIn(0, "now");
    scheduler.execute(() -> note("executed"));
    assertThat(log).isEmpty();
    assertThat(clock.nextTaskIn()).contains(Duration.ZERO);

    clock.advance(Duration.ZERO);

    assertThat(log).containsExactly("now@0", "executed@0");
    assertThat(clock.nextTaskIn()).isEmpty();
  }

  @Test
  void cancellingRemovesTheTask() {
    ScheduledFuture<?> task = logIn(1, "cancelled");

    assertThat(task.getDelay(TimeUnit.MILLISECONDS)).isEqualTo(1000);
    assertThat(task.cancel(false)).isTrue();

    assertThat(clock.pendingTasks()).isZero();
    clock.advance(Duration.ofSeconds(2));
    assertThat(log).isEmpty();
    assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
  }

  @Test
  void givesResultsAndFailuresOfTasks() throws Exception {
    Future<String> good = scheduler.schedule(() -> "result", 1, TimeUnit.SECONDS);
    Future<?> bad = scheduler.submit(() -> failing());

    clock.advance(Duration.ofSeconds(1));

    assertThat(good.get()).isEqualTo("result");
    assertThatThrownBy(bad::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("broken");
  }

  private static void failing() {
    throw new IllegalStateException("broken");
  }

  @Test
  void repeatsAtAFixedRate() {
    ScheduledFuture<?> task =
        scheduler.scheduleAtFixedRate(() -> note("tick"), 1, 10, TimeUnit.SECONDS);

    clock.advance(Duration.ofSeconds(25));
    assertThat(log).containsExactly("tick@1", "tick@11", "tick@21");
    assertThat(clock.pendingTasks()).isEqualTo(1);

    task.cancel(false);
    clock.advance(Duration.ofSeconds(25));
    assertThat(log).hasSize(3);
  }

  @Test
  void repeatsWithAFixedDelayAfterEachRun() {
    scheduler.scheduleWithFixedDelay(this::takeFiveSeconds, 0, 10, TimeUnit.SECONDS);

    clock.advance(Duration.ofSeconds(30));

    assertThat(log).containsExactly("start@0", "start@15", "start@30");
  }

  private void takeFiveSeconds() {
    note("start");
    clock.advance(Duration.ofSeconds(5));
  }

  @Test
  void stopsRepeatingATaskThatFails() {
    scheduler.scheduleAtFixedRate(SettableClockTest::failing, 1, 1, TimeUnit.SECONDS);

    clock.advance(Duration.ofSeconds(1));

    assertThat(clock.pendingTasks()).isZero();
  }

  @Test
  void shutdownDropsWhatWaits() {
    ScheduledFuture<?> task = logIn(1, "dropped");

    scheduler.shutdown();

    assertThat(task.isCancelled()).isTrue();
    assertThat(clock.pendingTasks()).isZero();
    assertThat(scheduler.isTerminated()).isTrue();
    assertThatThrownBy(() -> logIn(1, "rejected")).isInstanceOf(RejectedExecutionException.class);
  }
}
