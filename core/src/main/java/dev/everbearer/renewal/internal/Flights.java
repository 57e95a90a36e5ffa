package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.renewal.internal.Renewer.GrantOverException;
import dev.everbearer.renewal.internal.Renewer.Renewed;
import dev.everbearer.renewal.internal.Renewer.TooEarlyException;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the attempts, on a worker thread; each ends in exactly one event. */
final class Flights {

  private static final Duration SHORTEST_EXCHANGE = Duration.ofSeconds(2);

  private static final Duration USED_UNTIL_REFUSED = Duration.ofDays(365);

  private final SourceSettings settings;
  private final String name;
  private final Consumer<SourceEvent> sink;

  private volatile Renewer renewer;

  /** The newest token and its life; what a store holds beside it is worth adopting. */
  private volatile @Nullable AccessToken newest;

  private volatile @Nullable Duration newestLife;

  Flights(SourceSettings settings, String name, Renewer renewer, Consumer<SourceEvent> sink) {
    this.settings = settings;
    this.name = name;
    this.renewer = renewer;
    this.sink = sink;
  }

  /** Lets go of the newest token: it is out of use. */
  void forget() {
    newest = null;
  }

  /** Lets go of all that is secret: no attempt follows. */
  void end() {
    renewer = Renewer.ENDED;
    forget();
  }

  /**
   * Begins an attempt.
   *
   * @param untilDueNanos see {@link Renewer.Task#untilDue}
   */
  void start(long number, long untilDueNanos) {
    try {
      settings
          .timing()
          .worker()
          .execute(() -> sink.accept(fly(number, Duration.ofNanos(untilDueNanos))));
    } catch (RuntimeException | Error e) {
      sink.accept(failed(number, unexpected("no worker thread takes the renewal", null)));
    }
  }

  private SourceEvent fly(long number, Duration untilDue) {
    try {
      return obtained(number, renewer.renew(new Renewer.Task(newest, untilDue, deadline())));
    } catch (TooEarlyException e) {
      // Never 0, by which it might be repeated at once.
      return failed(number, e.failure(), Math.max(1, e.quiet().toNanos()));
    } catch (GrantOverException e) {
      return new SourceEvent.GrantOver(number, e.over());
    } catch (OAuthException e) {
      return failed(
          number,
          e.failure().orElseGet(() -> unexpected("the renewal failed: " + e.getMessage(), e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(number, interrupted());
    } catch (RuntimeException | Error e) {
      // What foreign code threw (a supplier of secrets, a store) may quote secrets.
      return failed(
          number, unexpected("preparing the request failed with " + e.getClass().getName(), null));
    }
  }

  /** The newest token; null when there was none, or it was let go of. */
  @Nullable AccessToken newest() {
    return newest;
  }

  /** What goes wrong beside the server, as sentences; empty when nothing does. */
  String trouble() {
    return renewer.trouble();
  }

  /** What others have made of the grant; blocks, and throws what a store may throw. */
  StoreNews look(Renewer.Known known) throws InterruptedException {
    return renewer.look(known);
  }

  private SourceEvent obtained(long number, Renewed renewed) {
    return new SourceEvent.Obtained(number, renewed.token(), held(renewed));
  }

  /** The token to keep; null when it must not be kept. */
  @Nullable Held held(Renewed renewed) {
    AccessToken token = renewed.token();
    newest = renewer == Renewer.ENDED ? null : token;
    Duration said = renewed.life();
    RenewalPolicy policy = said != null ? settings.policy() : settings.policy().forUnknownLife();
    Duration life = said != null ? said : unknownLife(renewed, policy);
    if (life.isZero()) {
      return null;
    }
    newestLife = life;
    Held held =
        Held.of(
            token,
            life,
            policy,
            settings.timing().random().getAsDouble(),
            renewed.sentNanos(),
            renewed.sentAt());
    Held kept = renewed.isRenewable() ? held : held.withoutMargins();
    Timing timing = settings.timing();
    return kept.seenAt(timing.nanoTime().getAsLong(), timing.wall().instant());
  }

  /** Where only a person can bring the next token, this one is used until it is refused. */
  private static Duration unknownLife(Renewed renewed, RenewalPolicy policy) {
    return renewed.isRenewable() ? policy.unknownLife() : USED_UNTIL_REFUSED;
  }

  private SourceEvent failed(long number, Failure failure) {
    boolean mayBeProcessed = renewer.isUnrepeatable() && failure.isUnclear();
    return failed(number, failure, mayBeProcessed ? settings.exchangeTimeout().toNanos() : 0);
  }

  private SourceEvent failed(long number, Failure failure, long quietNanos) {
    double random = settings.timing().random().getAsDouble();
    return new SourceEvent.Failed(number, failure, random, quietNanos);
  }

  /** The request may have left already. */
  private Failure interrupted() {
    return Failure.builder(
            FailureKind.UNCLEAR, "No token for %s: the renewal was interrupted.".formatted(name))
        .build();
  }

  private Failure unexpected(String what, @Nullable Throwable cause) {
    return Failure.builder(FailureKind.SERVER_TROUBLE, "No token for %s: %s.".formatted(name, what))
        .cause(cause)
        .build();
  }

  /** One hung attempt must not outlive a short token's margin, where it may be repeated. */
  private Duration deadline() {
    Duration longest = settings.exchangeTimeout();
    Duration life = newestLife;
    if (life == null || renewer.isUnrepeatable()) {
      return longest;
    }
    Duration third = life.dividedBy(3);
    Duration wanted = third.compareTo(SHORTEST_EXCHANGE) < 0 ? SHORTEST_EXCHANGE : third;
    return wanted.compareTo(longest) < 0 ? wanted : longest;
  }
}
