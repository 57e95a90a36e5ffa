package dev.everbearer.renewal.internal;

import dev.everbearer.token.RenewalListener;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Tells the listeners, on a worker thread and never on the way of a call. */
public final class Announcer {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private final List<RenewalListener> listeners;
  private final Executor worker;

  /** An announcer to the given listeners. */
  public Announcer(List<RenewalListener> listeners, Executor worker) {
    this.listeners = List.copyOf(listeners);
    this.worker = worker;
  }

  void announce(Consumer<RenewalListener> event) {
    if (listeners.isEmpty()) {
      return;
    }
    try {
      worker.execute(() -> listeners.forEach(listener -> tell(listener, event)));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "No thread takes an event for the listeners.");
    }
  }

  private static void tell(RenewalListener listener, Consumer<RenewalListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The renewal listener {0} threw {1}; the event is lost to it.",
          listener.getClass().getName(),
          e.getClass().getName());
    }
  }
}
