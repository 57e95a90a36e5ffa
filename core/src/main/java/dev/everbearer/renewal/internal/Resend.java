package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.renewal.internal.Renewer.Task;
import dev.everbearer.renewal.internal.Renewer.TooEarlyException;
import dev.everbearer.server.ReuseWindow;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a refresh token is sent again that was sent already, and brought no answer. The server may
 * have replaced it: inside its reuse window it takes the old one all the same; outside, it may
 * revoke the whole grant because of the second request, so that comes late and once.
 */
final class Resend {

  private final ReuseWindow window;
  private final Duration exchange;

  /**
   * By what a server does.
   *
   * @param window how long it takes a refresh token that it has replaced
   * @param exchange how long a request takes at most, and a request given up may still be processed
   */
  Resend(ReuseWindow window, Duration exchange) {
    this.window = window;
    this.exchange = exchange;
  }

  /**
   * How long the exchange of a refresh token may take that was sent before.
   *
   * @throws OAuthException when it is inside the window, and to be sent in a moment
   * @throws TooEarlyException when it must not be sent yet
   */
  Duration limit(Grant grant, UnclearSend unclear, Instant now, Task task)
      throws TooEarlyException {
    Duration wait = insideWindow(unclear, now);
    if (wait == null) {
      requireLate(grant, unclear, now, task.untilDue());
      return task.deadline();
    }
    if (!wait.isZero()) {
      throw notYet(grant, wait).toException();
    }
    return task.deadline().compareTo(deadline()) < 0 ? task.deadline() : deadline();
  }

  /** Outside the window what is left of the token in hand is used up first. */
  private void requireLate(Grant grant, UnclearSend unclear, Instant now, Duration untilDue)
      throws TooEarlyException {
    Duration quiet = quiet(unclear, now);
    Duration wait = quiet.compareTo(untilDue) > 0 ? quiet : untilDue;
    if (!wait.isZero()) {
      throw new TooEarlyException(notYet(grant, wait), quiet);
    }
  }

  private static Failure notYet(Grant grant, Duration wait) {
    return Failure.builder(
            FailureKind.SERVER_TROUBLE,
            ("The refresh token of %s was sent, and no answer came: it may be replaced already, and"
                    + " is sent again in %d ms.")
                .formatted(grant, wait.toMillis()))
        .retryAfter(wait)
        .build();
  }

  /** Inside the window no harm is done by sending it again, so that passes by itself. */
  OAuthException explained(OAuthException thrown, UnclearSend unclear) {
    Failure failure = thrown.failure().orElseThrow(() -> thrown);
    Duration wait = insideWindow(unclear, unclear.lastAt());
    if (wait == null) {
      return thrown;
    }
    String message =
        "%s The server takes a replaced refresh token for a while (%s), so it is sent again."
            .formatted(failure.message(), window);
    Failure.Builder passing =
        Failure.builder(FailureKind.SERVER_TROUBLE, message)
            .status(failure.status())
            .retryAfter(wait.isZero() ? null : wait)
            .cause(thrown);
    failure.endpoint().ifPresent(passing::endpoint);
    return passing.build().toException();
  }

  /** How long to stay away until it may be sent again; null where the window does not allow it. */
  @Nullable Duration insideWindow(UnclearSend unclear, Instant now) {
    if (window.isUnlimited()) {
      return Duration.ZERO;
    }
    Duration length = window.length().orElse(Duration.ZERO);
    Instant latest = unclear.firstAt().plus(length.multipliedBy(4).dividedBy(5)).minus(deadline());
    if (length.isZero() || now.isAfter(latest) || unclear.isAfter(now)) {
      return null;
    }
    Duration settles = quiet(unclear, now);
    boolean waits =
        window.successor() != ReuseWindow.Successor.SAME && !now.plus(settles).isAfter(latest);
    return waits ? settles : Duration.ZERO;
  }

  /** How long the last request may still be processed; all of that when the clock went back. */
  Duration quiet(UnclearSend unclear, Instant now) {
    if (unclear.isAfter(now)) {
      return exchange;
    }
    Duration since = Duration.between(unclear.lastAt(), now);
    return since.compareTo(exchange) < 0 ? exchange.minus(since) : Duration.ZERO;
  }

  /** For an exchange that has to end inside the window: at most two fifths of it. */
  private Duration deadline() {
    return window
        .length()
        .map(length -> length.multipliedBy(2).dividedBy(5))
        .filter(part -> !part.isZero() && part.compareTo(exchange) < 0)
        .orElse(exchange);
  }

  @Override
  public String toString() {
    return "Resend[window " + window + "]";
  }
}
