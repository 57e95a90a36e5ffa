package dev.everbearer.renewal.internal.rotation;

import dev.everbearer.server.ReuseWindow;
import dev.everbearer.store.UnclearSend;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a refresh token may be sent again that was sent before, and brought no answer: by what the
 * server does with one that it has replaced.
 */
final class ReuseRule {

  private final ReuseWindow window;
  private final Patience patience;

  ReuseRule(ReuseWindow window, Patience patience) {
    this.window = window;
    this.patience = patience;
  }

  /** From when on it may be sent again inside the window; null where the window is no help. */
  @Nullable Instant insideWindow(UnclearSend unclear, Instant now) {
    if (window.isUnlimited()) {
      return now;
    }
    Instant latest = latest(unclear);
    if (now.isAfter(latest)) {
      return null;
    }
    Instant quiet = unclear.lastAt().plus(patience.quiet());
    boolean waits =
        window.successor() != ReuseWindow.Successor.SAME
            && quiet.isAfter(now)
            && !quiet.isAfter(latest);
    return waits ? quiet : now;
  }

  /** The last moment at which an exchange may begin that ends inside the window, with a margin. */
  private Instant latest(UnclearSend unclear) {
    Duration length = window.length().orElse(Duration.ZERO);
    return length.isZero()
        ? Instant.MIN
        : unclear.firstAt().plus(length.multipliedBy(4).dividedBy(5)).minus(exchange());
  }

  /** How long the request may still leave. */
  Duration sendWithin(UnclearSend unclear, Instant now) {
    Duration byLease = patience.beforeSending();
    if (window.isUnlimited() || now.isAfter(latest(unclear))) {
      return byLease;
    }
    Duration byWindow = Duration.between(now, latest(unclear));
    return byWindow.compareTo(byLease) < 0 ? byWindow : byLease;
  }

  /** For an exchange that has to end inside the window: at most two fifths of it. */
  Duration exchange() {
    return window
        .length()
        .map(length -> length.multipliedBy(2).dividedBy(5))
        .filter(part -> !part.isZero() && part.compareTo(patience.exchange()) < 0)
        .orElse(patience.exchange());
  }

  boolean keepsSiblings() {
    return window.successor() == ReuseWindow.Successor.BESIDE;
  }
}
