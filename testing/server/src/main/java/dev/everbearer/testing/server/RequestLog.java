package dev.everbearer.testing.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** The requests recorded so far, in order of arrival. Thread-safe. */
final class RequestLog {

  private final List<RecordedRequest> requests = new ArrayList<>();

  synchronized void add(RecordedRequest request) {
    requests.add(request);
    notifyAll();
  }

  synchronized List<RecordedRequest> all() {
    return List.copyOf(requests);
  }

  synchronized int count() {
    return requests.size();
  }

  synchronized void clear() {
    requests.clear();
  }

  synchronized List<RecordedRequest> await(int count, Duration timeout) {
    Await.until(this, requests::size, count, timeout, "requests");
    return List.copyOf(requests);
  }

  /** Waits in real time for a number to be reached. */
  static final class Await {

    private Await() {}

    /** Waits on a monitor, held by the caller, that is notified of every change. */
    static void until(
        Object monitor, IntSupplier reached, int count, Duration timeout, String what) {
      long deadline = System.nanoTime() + timeout.toNanos();
      while (reached.getAsInt() < count) {
        long leftMillis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
        if (leftMillis <= 0) {
          throw new AssertionError(
              "Only %d of %d %s within %s".formatted(reached.getAsInt(), count, what, timeout));
        }
        waitOn(monitor, leftMillis);
      }
    }

    @SuppressWarnings("WaitNotInLoop") // the caller loops
    private static void waitOn(Object monitor, long millis) {
      try {
        monitor.wait(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while waiting", e);
      }
    }
  }
}
