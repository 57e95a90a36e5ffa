package dev.everbearer.renewal.internal.rotation;

import dev.everbearer.renewal.internal.rotation.Settlement.Answered;
import dev.everbearer.renewal.internal.rotation.Settlement.Child;
import dev.everbearer.renewal.internal.rotation.Settlement.Fate;
import dev.everbearer.server.ReuseWindow;
import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.RotationState;
import dev.everbearer.store.Sender;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.token.LoginRequiredException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules that the model drives: the real ones, or the real ones with one of them undone. */
final class ModelRules {

  static final int EXCHANGE = 1;
  static final int QUIET = 1;

  /** What can be left out. */
  enum Without {
    SETTLING,
    QUIET_TIME,
    CHECK_BEFORE_SENDING,
    SENDER_LIST,
    SUCCESSOR_GATE,
    SIBLINGS,
    REFUSED,
    REVIVAL
  }

  private final Set<Without> without;
  private final NextStep next;
  final Patience patience;

  ModelRules(ReuseWindow window, Set<Without> without) {
    this.without = without;
    Duration exchange = Duration.ofSeconds(EXCHANGE);
    Duration quiet = Duration.ofSeconds(without.contains(Without.QUIET_TIME) ? 0 : QUIET);
    Duration hold = without.contains(Without.SETTLING) ? Duration.ZERO : Duration.ofSeconds(5);
    this.patience = new Patience(exchange, quiet, Duration.ofSeconds(3), hold);
    this.next = new NextStep(patience, window);
  }

  private boolean lacks(Without one) {
    return without.contains(one);
  }

  Step next(Snapshot current, String owner) {
    GrantRecord record = current.record();
    if (lacks(Without.SUCCESSOR_GATE) && record.refreshToken().isPresent()) {
      Fingerprint token = Fingerprint.of(record.refreshToken().get());
      List<Sender> same =
          record.rotation().senders().stream().filter(each -> each.token().equals(token)).toList();
      RotationState state = record.rotation().withSenders(same).withNotBefore(null, 0);
      return next.of(
          new Snapshot(as(record, state, record.version()), current.now()), owner, Duration.ZERO);
    }
    return next.of(current, owner, Duration.ZERO);
  }

  private static GrantRecord as(GrantRecord record, RotationState state, long version) {
    GrantRecord.Builder same =
        GrantRecord.restoring(record.generation(), version)
            .refreshToken(record.refreshToken().orElse(null), record.server().orElse(null))
            .rotation(state);
    return record.dead().map(reason -> same.dead(reason)).orElse(same).build();
  }

  /** What is written is the record, but for what is left out. */
  GrantRecord written(GrantRecord record) {
    RotationState state = record.rotation();
    if (lacks(Without.SENDER_LIST)) {
      state = state.withSenders(List.of());
    }
    if (lacks(Without.REFUSED) && state.isRefused()) {
      state =
          new RotationState(
              state.lease(),
              state.senders(),
              state.unclear(),
              false,
              state.parent(),
              state.attempt(),
              state.spare(),
              state.notBefore(),
              state.failures());
    }
    return state.equals(record.rotation()) ? record : as(record, state, record.version());
  }

  boolean maySend(Step.Take take, int readAt, int now) {
    return lacks(Without.CHECK_BEFORE_SENDING)
        || Duration.ofSeconds(now - readAt).compareTo(take.sendWithin()) <= 0;
  }

  GrantRecord withdrawn(GrantRecord current, Claim claim) {
    return Settlement.withdrawn(current, claim);
  }

  GrantRecord givenUp(GrantRecord current, Claim claim, Instant now) {
    return Settlement.givenUp(new Snapshot(current, now), claim);
  }

  Answered answered(GrantRecord current, Claim claim, Child child) {
    if (lacks(Without.REVIVAL) && current.dead().isPresent()) {
      return new Answered(current.next(), Fate.DROPPED);
    }
    Fingerprint stored = current.refreshToken().map(Fingerprint::of).orElse(null);
    boolean isSibling =
        claim.token().equals(current.rotation().parent()) && !claim.token().equals(stored);
    if (lacks(Without.SIBLINGS) && isSibling) {
      return new Answered(current.next(), Fate.DROPPED);
    }
    return Settlement.answered(current, claim, child);
  }

  Optional<GrantRecord> refused(GrantRecord current, Claim claim, boolean isLast) {
    return Settlement.refused(current, claim, isLast, Reason.REFUSED);
  }
}
