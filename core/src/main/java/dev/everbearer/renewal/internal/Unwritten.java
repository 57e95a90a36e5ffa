package dev.everbearer.renewal.internal;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.StoredToken;
import dev.everbearer.token.RenewalListener;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers of the server that the store does not have, because writing them failed; each is told
 * when that begins, and when it ends. Thread-safe.
 */
final class Unwritten {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private record Answer(String grant, Instant since) {}

  private final String server;
  private final Announcer announcer;
  private final Timing timing;
  private final ConcurrentMap<GrantKey, Answer> answers = new ConcurrentHashMap<>();

  Unwritten(String server, Announcer announcer, Timing timing) {
    this.server = server;
    this.announcer = announcer;
    this.timing = timing;
  }

  /**
   * Writing an answer failed.
   *
   * @param why what the store says
   */
  void begun(GrantKey key, String grant, String why) {
    begun(key, new Answer(grant + " at " + server, now()), why);
  }

  /** An answer that a process before this one left, and that cannot be written either. */
  void left(GrantKey key, GrantRecord entry) {
    begun(key, new Answer(named(key), cameAt(entry)), "at the start");
  }

  private void begun(GrantKey key, Answer answer, String why) {
    if (answers.putIfAbsent(key, answer) != null) {
      return;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "{0}: the token store failed ({1}) when its new tokens were to be kept. They are in the"
            + " outbox and in use; writing them is tried again. Check the store.",
        answer.grant(),
        why);
    HealthEvents.uncommitted(answer.grant());
    announcer.announce(
        listener ->
            listener.uncommitted(
                new RenewalListener.Uncommitted(answer.grant(), key.subject(), answer.since())));
  }

  /**
   * An answer is in the store, or of no use any more.
   *
   * @param left what a process before this one left; null when it is of this process, which is told
   *     only if it took long
   */
  void settled(GrantKey key, @Nullable GrantRecord left) {
    Answer late = answers.remove(key);
    Answer answer = late == null && left != null ? new Answer(named(key), cameAt(left)) : late;
    if (answer == null) {
      return;
    }
    Duration past = Duration.between(answer.since(), now());
    Duration after = past.isNegative() ? Duration.ZERO : past;
    LOG.log(
        System.Logger.Level.INFO,
        "{0}: the token store has the new tokens now, {1} after they came.",
        answer.grant(),
        Diagnosis.span(after.toNanos()));
    HealthEvents.committed(answer.grant(), after);
    announcer.announce(
        listener ->
            listener.committed(
                new RenewalListener.Committed(answer.grant(), key.subject(), after)));
  }

  private String named(GrantKey key) {
    return "%s%s at %s"
        .formatted(key.grantType(), key.subject().isEmpty() ? "" : " of " + key.subject(), server);
  }

  private Instant cameAt(GrantRecord entry) {
    return entry.tokens().values().stream()
        .map(StoredToken::obtainedAt)
        .max(Comparator.naturalOrder())
        .orElseGet(this::now);
  }

  /** Since when the oldest of them is not written; empty when there is none. */
  Optional<Instant> oldest() {
    return answers.values().stream().map(Answer::since).min(Comparator.naturalOrder());
  }

  /** For people; empty when all is written. */
  String sentence(GrantKey key) {
    Answer answer = answers.get(key);
    return answer == null
        ? ""
        : "Its new tokens are in the outbox, and not in the token store, since %s; writing them is"
                .formatted(answer.since())
            + " tried again.";
  }

  private Instant now() {
    return timing.wall().instant();
  }
}
