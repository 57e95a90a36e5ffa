package dev.everbearer.renewal.internal.rotation;

import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Lease;
import dev.everbearer.store.RotationState;
import dev.everbearer.store.Sender;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.Spare;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the record when one that sent a refresh token has its answer, a refusal, or
 * nothing. Only the own entry is ever removed, and what counts is the token that was sent, never
 * who holds the lease. Pure functions.
 */
public final class Settlement {

  private Settlement() {}

  // ---- nothing was sent, or nothing came

  /** The request never left, or the server said that it did nothing. */
  public static GrantRecord withdrawn(GrantRecord current, Claim claim) {
    return current.next().rotation(withdrawn(current.rotation(), current, claim)).build();
  }

  private static RotationState withdrawn(RotationState state, GrantRecord current, Claim claim) {
    boolean isLast = isLast(current, claim);
    RotationState left = left(state, claim);
    return isLast ? left.withUnclear(claim.before()) : left;
  }

  /**
   * As {@link #withdrawn(GrantRecord, Claim)}; the server is in trouble, so all stay away. What was
   * put off on account of this very request needs that no longer.
   *
   * @param until by the store's clock
   */
  public static GrantRecord rested(GrantRecord current, Claim claim, Instant until) {
    RotationState state = withdrawn(current.rotation(), current, claim);
    Instant before = isLast(current, claim) ? null : state.notBefore();
    return current
        .next()
        .rotation(
            state.withNotBefore(
                before != null && before.isAfter(until) ? before : until, state.failures() + 1))
        .build();
  }

  /** The request left, and is given up: it is not known what the server made of it. */
  public static GrantRecord givenUp(Snapshot now, Claim claim) {
    GrantRecord current = now.record();
    RotationState state = current.rotation();
    UnclearSend unclear = state.unclear();
    boolean isLast = isLast(current, claim);
    RotationState released = released(state, claim);
    return current
        .next()
        .rotation(
            isLast && unclear != null
                ? released
                    .withUnclear(unclear.givenUp(now.now()))
                    .withNotBefore(released.notBefore(), 0)
                : released)
        .build();
  }

  // ---- the server answered

  /**
   * What the server gave for a refresh token.
   *
   * @param token the refresh token to use from now on: a new one, or the same
   * @param keyThumbprint of the key that it is bound to; null when it is bound to none
   * @param server that gave it
   */
  public record Child(Secret token, @Nullable String keyThumbprint, ServerIdentity server) {}

  /** What became of an answer. */
  public enum Fate {
    /** It is in use. */
    STORED,
    /** It is in use, and the grant had been thought over. */
    RECOVERED,
    /** It was in use already. */
    KNOWN,
    /** The answer to a later request is in use; this one is kept beside it. */
    SPARE,
    /** The grant has moved on: a login, a logout, or a later renewal. */
    DROPPED
  }

  /**
   * The record with an answer.
   *
   * @param next to be completed with the access token, unless that is dropped
   */
  public record Answered(GrantRecord.Builder next, Fate fate) {}

  /** Puts an answer where it belongs. */
  public static Answered answered(GrantRecord current, Claim claim, Child child) {
    Fingerprint stored = current.refreshToken().map(Fingerprint::of).orElse(null);
    RotationState left = left(current.rotation(), claim);
    // 1. Somebody logged in or out since.
    if (current.generation() != claim.generation()) {
      return new Answered(current.next().rotation(left), Fate.DROPPED);
    }
    Fingerprint given = Fingerprint.of(child.token());
    boolean isRotated = !given.equals(claim.token());
    // 2. It was written already.
    if (isRotated && given.equals(stored)) {
      return new Answered(current.next().rotation(left), Fate.KNOWN);
    }
    // 3. The token that was sent is the one of now, whatever was thought of it meanwhile.
    if (claim.token().equals(stored)) {
      Fate fate = current.dead().isPresent() ? Fate.RECOVERED : Fate.STORED;
      RotationState next =
          isRotated
              ? left.replaced(claim.token(), claim.attempt(), null)
              : left.replaced(left.parent(), left.attempt(), left.spare());
      return new Answered(inUse(current, child, next), fate);
    }
    // 4. Another request with the same token brought the one of now.
    if (isRotated && claim.token().equals(left.parent())) {
      return ofTwo(current, left, claim, child);
    }
    return new Answered(current.next().rotation(left), Fate.DROPPED);
  }

  /** The answer to the later request is used, and neither is thrown away. */
  private static Answered ofTwo(GrantRecord current, RotationState left, Claim claim, Child child) {
    if (claim.attempt() <= left.attempt()) {
      Spare spare = new Spare(child.token(), child.keyThumbprint(), claim.attempt());
      return new Answered(current.next().rotation(left.withSpare(spare)), Fate.SPARE);
    }
    Spare spare =
        new Spare(
            current.refreshToken().orElseThrow(),
            current.refreshTokenKey().orElse(null),
            left.attempt());
    return new Answered(
        inUse(current, child, left.replaced(claim.token(), claim.attempt(), spare)),
        current.dead().isPresent() ? Fate.RECOVERED : Fate.STORED);
  }

  private static GrantRecord.Builder inUse(GrantRecord current, Child child, RotationState next) {
    return current
        .next()
        .refreshToken(child.token(), child.server(), child.keyThumbprint())
        .rotation(next)
        .alive();
  }

  static GrantRecord spareInUse(GrantRecord current, RotationState left, Spare spare) {
    return current
        .next()
        .refreshToken(spare.token(), current.server().orElse(null), spare.keyThumbprint())
        .rotation(left.replaced(left.parent(), spare.attempt(), null))
        .build();
  }

  // ---- the server refused

  /**
   * The server said {@code invalid_grant}, which is a question: is somebody else about to write its
   * successor?
   *
   * @param isLastLook whether nobody is waited for any longer who left no trace
   * @param meaning why the grant is over, if it is, and nobody of us sent the token before
   * @return what to write; empty to look again in a moment
   */
  public static Optional<GrantRecord> refused(
      GrantRecord current, Claim claim, boolean isLastLook, Reason meaning) {
    RotationState left = left(current.rotation(), claim);
    if (!isStillSent(current, claim) || current.dead().isPresent()) {
      return Optional.of(current.next().rotation(left).build());
    }
    if (left.senders().stream().anyMatch(sender -> sender.token().equals(claim.token()))) {
      return Optional.of(current.next().rotation(left.refused()).build());
    }
    Spare spare = left.spare();
    if (spare != null) {
      return Optional.of(spareInUse(current, left, spare));
    }
    if (!isLastLook) {
      return Optional.empty();
    }
    return Optional.of(current.next().rotation(left).dead(reason(left, claim, meaning)).build());
  }

  private static Reason reason(RotationState state, Claim claim, Reason meaning) {
    UnclearSend unclear = state.unclear();
    boolean wasSentBefore = claim.attempt() > 1 || (unclear != null && unclear.attempts() > 1);
    return wasSentBefore ? Reason.LOST_IN_FLIGHT : meaning;
  }

  // ----

  private static boolean isStillSent(GrantRecord current, Claim claim) {
    return current.generation() == claim.generation()
        && Objects.equals(claim.token(), current.refreshToken().map(Fingerprint::of).orElse(null));
  }

  /** Whether the claim was written, and nobody has sent the token after it. */
  private static boolean isLast(GrantRecord current, Claim claim) {
    RotationState state = current.rotation();
    UnclearSend unclear = state.unclear();
    return isStillSent(current, claim)
        && unclear != null
        && unclear.attempts() == claim.attempt()
        && state.senders().stream().anyMatch(each -> each.is(claim.owner(), claim.epoch()));
  }

  /** Without the own entry and the own lease. */
  private static RotationState left(RotationState state, Claim claim) {
    List<Sender> others =
        state.senders().stream()
            .filter(sender -> !sender.is(claim.owner(), claim.epoch()))
            .toList();
    return released(state.withSenders(others), claim);
  }

  private static RotationState released(RotationState state, Claim claim) {
    Lease lease = state.lease();
    return lease != null && lease.is(claim.owner(), claim.epoch()) ? state.withLease(null) : state;
  }
}
