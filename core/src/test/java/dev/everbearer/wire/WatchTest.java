package dev.everbearer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchTest {

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration HOUR = Duration.ofHours(1);

  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void whoWaitsTooLongIsInterrupted() {
    try (Watch watch = Watch.begin(SHORT, System::nanoTime)) {
      assertThatThrownBy(never::await).isInstanceOf(InterruptedException.class);
      assertThat(watch.isOver()).isTrue();
    }
  }

  @Test
  void whoIsInterruptedByAnotherIsNotToldThatTheTimeIsOver() {
    Thread.currentThread().interrupt();
    try (Watch watch = Watch.begin(HOUR, System::nanoTime)) {
      assertThatThrownBy(never::await).isInstanceOf(InterruptedException.class);
      assertThat(watch.isOver()).isFalse();
    }
  }

  @Test
  void anInterruptThatComesTooLateIsGoneWithTheWatch() {
    try (Watch watch = Watch.begin(SHORT, System::nanoTime)) {
      while (!watch.isOver()) {
        Thread.onSpinWait();
      }
    }
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void oneThatIsClosedInterruptsNobody() throws Exception {
    AtomicLong now = new AtomicLong();
    Watch.begin(HOUR, () -> now.addAndGet(HOUR.toNanos())).close();
    for (Thread each : Thread.getAllStackTraces().keySet()) {
      if (each.getName().equals("everbearer-exchange")) {
        each.join();
      }
    }
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void whoSwallowsAnInterruptIsInterruptedAgain() {
    try (Watch watch = Watch.begin(SHORT, System::nanoTime)) {
      assertThatThrownBy(never::await).isInstanceOf(InterruptedException.class);
      assertThatThrownBy(never::await).isInstanceOf(InterruptedException.class);
      assertThat(watch.isOver()).isTrue();
    }
  }

  /** The clock jumps by an hour while it is looked at first, and then goes by 200 ms. */
  @Test
  @Spec("LC-62")
  void afterAStandstillThereIsAMomentMore() {
    AtomicLong calls = new AtomicLong();
    AtomicLong now = new AtomicLong();
    long look = Duration.ofMillis(200).toNanos();
    try (Watch watch =
        Watch.begin(
            SHORT, () -> now.addAndGet(calls.getAndIncrement() == 1 ? HOUR.toNanos() : look))) {
      assertThatThrownBy(never::await).isInstanceOf(InterruptedException.class);
      assertThat(watch.isOver()).isTrue();
    }
    assertThat(calls.get() / 2).as("looks").isGreaterThanOrEqualTo(1 + 5);
  }

  @Test
  void whereTimeDoesNothingButJumpThereAreThreeMoments() {
    AtomicLong calls = new AtomicLong();
    try (Watch watch = Watch.begin(SHORT, () -> calls.incrementAndGet() * HOUR.toNanos())) {
      assertThatThrownBy(never::await).isInstanceOf(InterruptedException.class);
      assertThat(watch.isOver()).isTrue();
    }
    assertThat(calls.get() / 2).as("looks").isBetween(4L, 6L);
  }
}
