package dev.everbearer.testing.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The requests that wait for their release. Thread-safe. */
final class HeldRequests {

  private record Held(Exchange exchange, Runnable goOn) {}

  private final List<Held> waiting = new ArrayList<>();
  private boolean closed;

  void hold(Exchange exchange, Runnable goOn) {
    synchronized (this) {
      if (!closed) {
        waiting.add(new Held(exchange, goOn));
        notifyAll();
        return;
      }
    }
    exchange.close();
  }

  int release() {
    List<Held> released = takeAll();
    released.forEach(each -> each.exchange().later(each.goOn()));
    return released.size();
  }

  synchronized int count() {
    return waiting.size();
  }

  synchronized void await(int count, Duration timeout) {
    RequestLog.Await.until(this, waiting::size, count, timeout, "hung requests");
  }

  /** Ends the connections of all requests that wait, and of those that still come to wait. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    takeAll().forEach(each -> each.exchange().close());
  }

  private synchronized List<Held> takeAll() {
    List<Held> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }
}
