package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.renewal.internal.rotation.Step;
import dev.everbearer.server.ReuseWindow;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How it is told that a refresh token cannot be used now, or not any more. */
final class RefreshFailures {

  private final Grant grant;
  private final ReuseWindow window;

  RefreshFailures(Grant grant, ReuseWindow window) {
    this.grant = grant;
    this.window = window;
  }

  /**
   * Nothing is to be sent for a while. One that waits for somebody else looks again soon: what it
   * waits for may be in the store long before that time is over.
   */
  Failure notYet(Step.Why why, Duration wait) {
    String text =
        switch (why) {
          case LEASE -> "Somebody else is renewing %s, for %d ms at most.";
          case SENDER ->
              "The refresh token of %s was sent by one that has not shown the answer; it is waited"
                  + " for %d ms at most.";
          case QUIET, WINDOW, TOKEN_IN_HAND ->
              "The refresh token of %s was sent, and no answer came: it may be replaced already, and"
                  + " is sent again in %d ms.";
          case BACK_OFF ->
              "The server failed when somebody renewed %s; it is asked again in %d ms.";
        };
    boolean isForOthers = why == Step.Why.LEASE || why == Step.Why.SENDER;
    return Failure.builder(FailureKind.SERVER_TROUBLE, text.formatted(grant, wait.toMillis()))
        .retryAfter(isForOthers ? null : wait)
        .build();
  }

  /**
   * Inside the window no harm is done by sending it again, so that passes by itself.
   *
   * @param wait for how long to stay away
   */
  OAuthException insideWindow(OAuthException thrown, Duration wait) {
    Failure failure = thrown.failure().orElseThrow(() -> thrown);
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

  static Renewer.GrantOverException over(Reason reason, @Nullable Failure failure) {
    if (reason == Reason.LOGGED_OUT) {
      return new Renewer.GrantOverException(SourceState.Over.loggedOut(false));
    }
    return new Renewer.GrantOverException(
        new SourceState.Over(
            reason,
            "The refresh token is of no use any more: %s. Log in again, or hand in a new one.%s"
                .formatted(why(reason), failure == null ? "" : " " + failure.message()),
            failure,
            false));
  }

  private static String why(Reason reason) {
    return switch (reason) {
      case LOST_IN_FLIGHT ->
          "an answer with its successor was lost on the way, and the server takes the old one no"
              + " more";
      case EXPIRED ->
          "it ran out, for the server ends it some time after it was issued or last used"
              + " (keepAlive(...) uses users' tokens in time)";
      case REVOKED -> "it was revoked at the server, or the session that it belongs to was ended";
      case REUSED ->
          "the server says that it was used before, and nobody who shares this store did. Another"
              + " program has a copy of it, or somebody has stolen it";
      default ->
          "the server refused it, and why is not known: it was revoked, it ran out, or it was used"
              + " elsewhere";
    };
  }
}
