package dev.everbearer.store;

import dev.everbearer.token.LoginRequiredException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of a grant without opening its record. Holds no secret.
 *
 * @param key whose it is
 * @param state how it stands
 * @param reason why it is over; null while it is not
 * @param version of the record
 * @param changedAt when the record was written, by the store's clock
 * @param expiresAt when the last access token ends, by the store's clock; null when there is none,
 *     or none whose end is known
 */
public record GrantSummary(
    GrantKey key,
    State state,
    LoginRequiredException.@Nullable Reason reason,
    long version,
    Instant changedAt,
    @Nullable Instant expiresAt) {

  /** How a grant stands. */
  public enum State {
    /** All is well. */
    LIVE,
    /** A refresh token was sent, and its answer is not known yet. */
    SUSPECT,
    /** Only a login brings the next token. */
    DEAD
  }

  /** Rejects nulls but where they mean something. */
  public GrantSummary {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(changedAt, "changedAt");
  }

  /** How a record stands: for those who write a {@link TokenStore}. */
  public static State state(GrantRecord record) {
    if (record.dead().isPresent()) {
      return State.DEAD;
    }
    return record.isSuspect() ? State.SUSPECT : State.LIVE;
  }

  /** When the last access token of a record ends; empty when there is none of a known life. */
  public static Optional<Instant> expiresAt(GrantRecord record) {
    return record.tokens().values().stream()
        .flatMap(each -> each.end().stream())
        .max(Comparator.naturalOrder());
  }

  /** The summary of a record. */
  public static GrantSummary of(GrantKey key, GrantRecord record, Instant changedAt) {
    return new GrantSummary(
        key,
        state(record),
        record.dead().orElse(null),
        record.version(),
        changedAt,
        expiresAt(record).orElse(null));
  }
}
