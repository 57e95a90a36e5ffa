package dev.everbearer.login.internal;

import dev.everbearer.renewal.internal.Pause;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Ends one thread's wait early. A ring while nobody waits ends the next wait. Thread-safe. */
final class Bell {

  private volatile boolean hasRung;
  private volatile @Nullable CountDownLatch current;

  /**
   * Waits for a ring, or for a time.
   *
   * @throws InterruptedException when interrupted
   */
  void await(Pause pause, long nanos) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    current = over;
    if (!hasRung) {
      pause.await(nanos, over);
    }
    hasRung = false;
  }

  void ring() {
    hasRung = true;
    CountDownLatch waiting = current;
    if (waiting != null) {
      waiting.countDown();
    }
  }
}
