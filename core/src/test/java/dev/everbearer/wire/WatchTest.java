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

  /** The clock jumps by an hour at the first look, and then goes by a tenth of a second. */
  @Test
  @Spec("LC-62")
  void afterAStandstillThereIsAMomentMore() {
    AtomicLong looks = new AtomicLong();
    AtomicLong now = new AtomicLong();
    long step = Duration.ofMillis(100).toNanos();
    try (Watch watch =
        Watch.begin(
            SHORT, () -> now.addAndGet(looks.getAndIncrement() == 1 ? HOUR.toNanos() : step / 2))) {
      assertThatThrownBy(never::await).isInstanceOf(InterruptedException.class);
      assertThat(watch.isOver()).isTrue();
    }
    assertThat(looks.get() / 2).as("looks, at 50 ms each").isGreaterThanOrEqualTo(20);
  }
}
