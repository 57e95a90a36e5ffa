package dev.everbearer.renewal.internal.rotation;

import dev.everbearer.server.ReuseWindow;
import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Lease;
import dev.everbearer.store.RotationState;
import dev.everbearer.store.Sender;
import dev.everbearer.store.Spare;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.token.LoginRequiredException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one of many does next to renew a grant by its refresh token, as the record stands. A pure
 * function.
 */
public final class NextStep {

  private final Patience patience;
  private final ReuseRule reuse;

  /** By the times that are agreed on, and by what the server does. */
  public NextStep(Patience patience, ReuseWindow window) {
    this.patience = patience;
    this.reuse = new ReuseRule(window, patience);
  }

  /**
   * One's next step.
   *
   * @param current the record, with a refresh token in it unless it is dead
   * @param owner who asks; nothing that it sent is under way, and its outbox is empty
   * @param untilDue for how long the access token in hand serves
   */
  public Step of(Snapshot current, String owner, Duration untilDue) {
    GrantRecord record = current.record();
    Reason dead = record.dead().orElse(null);
    if (dead != null) {
      return new Step.Over(dead);
    }
    Look look = new Look(record, token(record), current.now(), owner, untilDue, patience);
    // 1. What lies ahead is of a clock that was set back since, and counts from now.
    RotationState sound = notAhead(look.state(), look.now());
    if (!sound.equals(look.state())) {
      return look.write(sound);
    }
    // 2. Whose time is over is settled.
    List<Sender> unsettled = kept(look.state().senders(), look::isUnsettled);
    if (unsettled.size() < look.state().senders().size()) {
      return look.write(look.state().withSenders(unsettled));
    }
    // 3. What the server refused is not sent again.
    if (look.state().isRefused()) {
      return afterRefusal(look);
    }
    // 4. One at a time.
    Lease lease = look.state().lease();
    if (lease != null && isLive(lease, look.now()) && !lease.owner().equals(owner)) {
      return new Step.Wait(lease.until(), Step.Why.LEASE);
    }
    UnclearSend unclear = look.state().unclear();
    return unclear == null ? first(look) : again(look, unclear);
  }

  private RotationState notAhead(RotationState state, Instant now) {
    Instant notBefore = state.notBefore();
    boolean isAhead = notBefore != null && notBefore.isAfter(patience.latestRest(now));
    return state
        .withSenders(state.senders().stream().map(sender -> sender.seenAt(now)).toList())
        .withNotBefore(isAhead ? patience.latestQuiet(now) : notBefore, state.failures());
  }

  /** One that ends later than any that is taken now is of a clock that was set back since. */
  private boolean isLive(Lease lease, Instant now) {
    return !lease.isOver(now) && !lease.until().isAfter(now.plus(patience.lease()));
  }

  /** A record as one sees it, at a moment. */
  private record Look(
      GrantRecord record,
      Fingerprint token,
      Instant now,
      String owner,
      Duration untilDue,
      Patience patience) {

    RotationState state() {
      return record.rotation();
    }

    /** Whether the server was in trouble when it was asked last. */
    boolean isBackOff() {
      return state().failures() > 0;
    }

    boolean isUnsettled(Sender sender) {
      return settledAt(sender).isAfter(now);
    }

    /** When it can be trusted that a sender has no answer, and none can come. */
    Instant settledAt(Sender sender) {
      Instant byAnyone = patience.endOfHold(sender);
      if (!sender.owner().equals(owner)) {
        return byAnyone;
      }
      Instant byItself = givenUpAt(sender).plus(patience.quiet());
      return byItself.isBefore(byAnyone) ? byItself : byAnyone;
    }

    private Instant givenUpAt(Sender sender) {
      UnclearSend unclear = state().unclear();
      return unclear != null
              && sender.token().equals(token)
              && unclear.attempts() == sender.attempt()
          ? unclear.lastAt()
          : patience.latestEnd(sender.at());
    }

    @Nullable Instant firstSettled(Predicate<Sender> which) {
      return state().senders().stream()
          .filter(which)
          .map(this::settledAt)
          .min(Comparator.naturalOrder())
          .orElse(null);
    }

    Step write(RotationState next) {
      return new Step.Write(record.next().rotation(next).build());
    }
  }

  private Step afterRefusal(Look look) {
    Instant settled = look.firstSettled(sender -> sender.token().equals(look.token()));
    if (settled != null) {
      return new Step.Wait(settled, Step.Why.SENDER);
    }
    return new Step.Write(
        look.state().spare() != null
            ? Settlement.spareInUse(look.record(), look.state(), look.state().spare())
            : look.record().next().dead(Reason.LOST_IN_FLIGHT).build());
  }

  /** A token that was never sent; not while an older one may still be on its way. */
  private Step first(Look look) {
    Instant settled = look.firstSettled(sender -> !sender.token().equals(look.token()));
    if (settled != null) {
      return new Step.Wait(settled, Step.Why.SENDER);
    }
    Instant notBefore = look.state().notBefore();
    if (notBefore != null && notBefore.isAfter(look.now())) {
      return new Step.Wait(notBefore, look.isBackOff() ? Step.Why.BACK_OFF : Step.Why.QUIET);
    }
    return take(
        look,
        look.state(),
        new UnclearSend(look.now(), patience.latestEnd(look.now())),
        patience.beforeSending(),
        patience.exchange());
  }

  /** A token that was sent before, and brought no answer. */
  private Step again(Look look, UnclearSend unclear) {
    if (isAhead(unclear, look.now())) {
      return look.write(look.state().withUnclear(unclear.longAgo(look.now())));
    }
    Instant from = reuse.insideWindow(unclear, look.now());
    if (from != null) {
      return from.isAfter(look.now())
          ? new Step.Wait(from, Step.Why.WINDOW)
          : resend(look, unclear, reuse.exchange());
    }
    Instant settled = look.firstSettled(sender -> true);
    Instant quiet = unclear.lastAt().plus(patience.quiet());
    if (settled != null || quiet.isAfter(look.now())) {
      return settled != null
          ? new Step.Wait(settled, Step.Why.SENDER)
          : new Step.Wait(quiet, Step.Why.QUIET);
    }
    if (!look.untilDue().isZero()) {
      return new Step.Wait(look.now().plus(look.untilDue()), Step.Why.TOKEN_IN_HAND);
    }
    Spare spare = look.state().spare();
    return spare != null && reuse.keepsSiblings()
        ? new Step.Write(Settlement.spareInUse(look.record(), look.state(), spare))
        : resend(look, unclear, patience.exchange());
  }

  /** The clock was set back since. */
  private boolean isAhead(UnclearSend unclear, Instant now) {
    return unclear.firstAt().isAfter(now) || unclear.lastAt().isAfter(patience.latestEnd(now));
  }

  /**
   * Not while the server is left alone. Its successor is not sent before the earlier request can be
   * processed no more.
   */
  private Step resend(Look look, UnclearSend unclear, Duration limit) {
    Instant quiet = unclear.lastAt().plus(patience.quiet());
    Instant before = look.state().notBefore();
    if (look.isBackOff() && before != null && before.isAfter(look.now())) {
      return new Step.Wait(before, Step.Why.BACK_OFF);
    }
    Instant notBefore = before != null && before.isAfter(quiet) ? before : quiet;
    return take(
        look,
        look.state().withNotBefore(notBefore, look.state().failures()),
        unclear.again(patience.latestEnd(look.now())),
        reuse.sendWithin(unclear, look.now()),
        limit);
  }

  private Step take(
      Look look, RotationState state, UnclearSend unclear, Duration sendWithin, Duration limit) {
    GrantRecord record = look.record();
    long epoch = record.version() + 1;
    int attempt = unclear.attempts();
    List<Sender> senders =
        new ArrayList<>(kept(state.senders(), sender -> !sender.owner().equals(look.owner())));
    senders.add(new Sender(look.owner(), epoch, look.token(), attempt, look.now()));
    Lease lease = new Lease(look.owner(), epoch, look.now().plus(patience.lease()));
    RotationState taken = state.withLease(lease).withSenders(senders).withUnclear(unclear);
    return new Step.Take(
        record.next().rotation(taken).build(),
        new Claim(
            look.owner(),
            epoch,
            record.generation(),
            look.token(),
            attempt,
            look.state().unclear()),
        sendWithin,
        limit);
  }

  /**
   * From when on a refresh token that brought no answer may be sent again because the server takes
   * replaced ones for a while; null where it may not.
   */
  public @Nullable Instant resentInsideWindow(UnclearSend unclear, Instant now) {
    return reuse.insideWindow(unclear, now);
  }

  private static Fingerprint token(GrantRecord record) {
    return record
        .refreshToken()
        .map(Fingerprint::of)
        .orElseThrow(() -> new IllegalArgumentException("Nothing to renew by in " + record));
  }

  private static List<Sender> kept(List<Sender> senders, Predicate<Sender> which) {
    return senders.stream().filter(which).toList();
  }
}
