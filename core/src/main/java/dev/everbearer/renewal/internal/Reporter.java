package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.internal.SourceEffect.AnnounceFailed;
import dev.everbearer.renewal.internal.SourceEffect.AnnounceObtained;
import dev.everbearer.renewal.internal.SourceEffect.AnnounceOver;
import dev.everbearer.renewal.internal.SourceEffect.Why;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenTimeoutException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Says what happens to a source: to callers as errors, to people as log lines, to listeners. */
final class Reporter {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private final String name;
  private final String subject;
  private final Announcer announcer;

  /**
   * A reporter.
   *
   * @param name what people call the grant
   * @param subject whose it is; empty when it is the client's own
   */
  Reporter(String name, String subject, Announcer announcer) {
    this.name = name;
    this.subject = subject;
    this.announcer = announcer;
  }

  /** What people call the grant. */
  String name() {
    return name;
  }

  // ---- errors: each caller gets its own

  OAuthException error(Why why, SourceState state, long waitedNanos) {
    Attempts attempts = state.attempts();
    Failure last = attempts.lastFailure();
    SourceState.Over over = state.over();
    if (why == Why.CLOSED) {
      return new SourceClosedException();
    }
    if (why == Why.LOGIN_REQUIRED && over != null) {
      return new LoginRequiredException(over.reason(), over.message(), over.failure());
    }
    if (why == Why.FAILURE && last != null) {
      return last.toException();
    }
    return TokenTimeoutException.after(
        Duration.ofNanos(Math.max(0, waitedNanos)), attempts.failures(), last);
  }

  OAuthException tooManyRefusals(URI api) {
    return Failure.builder(
            FailureKind.REFUSED,
            "%s goes on refusing the tokens of %s although they were renewed three times in a"
                    .formatted(api, name)
                + " minute. Check that the API trusts this authorization server, and the audience"
                + " and scope that it wants.")
        .build()
        .toException();
  }

  // ---- log lines and events

  void report(SourceEffect effect, List<Runnable> afterwards) {
    if (effect instanceof AnnounceObtained obtained) {
      afterwards.add(() -> obtained(obtained));
    } else if (effect instanceof AnnounceFailed failed) {
      afterwards.add(() -> failed(failed));
    } else if (effect instanceof AnnounceOver over) {
      afterwards.add(() -> over(over));
    }
  }

  private void obtained(AnnounceObtained effect) {
    boolean isRecovery = effect.attempts() > 1;
    LOG.log(
        isRecovery ? Level.INFO : Level.DEBUG,
        "{0}: obtained a {1}{2}.",
        name,
        effect.token(),
        isRecovery ? " after " + effect.attempts() + " attempts" : "");
    FlightEvents.obtained(name, effect);
    announcer.announce(
        listener ->
            listener.obtained(
                new RenewalListener.Obtained(
                    name,
                    effect.token(),
                    effect.isBackground(),
                    Duration.ofNanos(effect.leadNanos()),
                    effect.attempts())));
  }

  private void failed(AnnounceFailed effect) {
    Duration next = Duration.ofNanos(effect.nextInNanos());
    boolean isWorthALine = Integer.bitCount(effect.failures()) == 1;
    LOG.log(
        isWorthALine ? Level.WARNING : Level.DEBUG,
        "{0}: attempt {1} failed; {2}; the next may be made in {3} ms. {4}",
        name,
        effect.failures(),
        effect.isServing() ? "the token in hand is served" : "no usable token is in hand",
        next.toMillis(),
        effect.failure().message());
    FlightEvents.failed(name, effect);
    announcer.announce(
        listener ->
            listener.failed(
                new RenewalListener.Failed(name, effect.failure(), effect.isServing(), next)));
  }

  private void over(AnnounceOver effect) {
    boolean isWanted = effect.over().reason() == LoginRequiredException.Reason.LOGGED_OUT;
    LOG.log(isWanted ? Level.INFO : Level.ERROR, "{0}: {1}", name, effect.over().message());
    FlightEvents.loginRequired(name, effect.over().reason());
    announcer.announce(
        listener ->
            listener.loginRequired(
                new RenewalListener.LoginRequired(name, effect.over().reason(), subject)));
  }

  void waited(long nanos, boolean gotToken) {
    FlightEvents.waited(name, nanos, gotToken);
    announcer.announce(
        listener ->
            listener.waited(new RenewalListener.Waited(name, Duration.ofNanos(nanos), gotToken)));
  }

  /** What must never happen; the class alone is told, for the message may hold anything. */
  void unexpected(Throwable thrown) {
    try {
      LOG.log(
          Level.ERROR,
          "{0}: something that follows a renewal threw {1}.",
          name,
          thrown.getClass().getName());
    } catch (RuntimeException e) {
      // The log itself is what throws; there is nobody left to tell.
    }
  }

  /** A notice could not be followed; the next renewal reads the store in any case. */
  void notLookedAt(RuntimeException thrown) {
    LOG.log(Level.DEBUG, "{0}: the token store failed ({1}).", name, thrown.getClass().getName());
  }

  void healed(URI api) {
    LOG.log(Level.INFO, "{0}: {1} refused a token and accepted its successor.", name, api);
    FlightEvents.healed(name, api);
    announcer.announce(listener -> listener.healed(new RenewalListener.Healed(name, api)));
  }
}
