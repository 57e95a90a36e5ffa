package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.server.ReuseWindow;
import dev.everbearer.store.TokenStore;
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
   * How long the exchange of a refresh token may take.
   *
   * @param longest where nothing is unclear
   * @throws OAuthException when it must not be sent yet
   */
  Duration limit(Grant grant, TokenStore.Snapshot snapshot, Duration longest) {
    UnclearSend unclear = snapshot.record().unclear().orElse(null);
    if (unclear == null) {
      return longest;
    }
    Duration wait = insideWindow(unclear, snapshot.now());
    if (wait != null) {
      if (!wait.isZero()) {
        throw notYet(grant, FailureKind.SERVER_TROUBLE, wait);
      }
      return longest.compareTo(deadline()) < 0 ? longest : deadline();
    }
    Duration quiet = quiet(unclear, snapshot.now());
    if (!quiet.isZero()) {
      throw notYet(grant, FailureKind.UNCLEAR, quiet);
    }
    return longest;
  }

  private static OAuthException notYet(Grant grant, FailureKind kind, Duration wait) {
    return Failure.builder(
            kind,
            ("The refresh token of %s was sent, and no answer came: it may be replaced already. It"
                    + " is sent again in %d ms, when the server cannot be busy with it any more.")
                .formatted(grant, wait.toMillis()))
        .retryAfter(wait)
        .build()
        .toException();
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
    if (length.isZero() || now.isAfter(latest)) {
      return null;
    }
    Duration settles = quiet(unclear, now);
    boolean waits =
        window.successor() != ReuseWindow.Successor.SAME && !now.plus(settles).isAfter(latest);
    return waits ? settles : Duration.ZERO;
  }

  /**
   * How long the last request may still be processed. Zero as well when the clock went back since:
   * then it says nothing.
   */
  Duration quiet(UnclearSend unclear, Instant now) {
    Instant settled = unclear.lastAt().plus(exchange);
    boolean isSettled = now.isBefore(unclear.lastAt()) || !now.isBefore(settled);
    return isSettled ? Duration.ZERO : Duration.between(now, settled);
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
