package dev.everbearer.renewal.internal.rotation;

import dev.everbearer.store.GrantRecord;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of those that renew, between two of its steps.
 *
 * @param phase where it stands
 * @param write what it is about to write, by what it read
 * @param take what it takes, or took
 * @param at when it read, sent or was refused
 * @param token the number of the refresh token that it sent
 * @param child the number of what it got
 * @param isBoxed whether that is in its outbox
 */
record ModelNode(
    Phase phase,
    @Nullable GrantRecord write,
    Step.@Nullable Take take,
    int at,
    int token,
    int child,
    boolean isBoxed) {

  /** Where one stands. */
  enum Phase {
    IDLE,
    WRITING,
    TAKEN,
    WITHDRAWING,
    SENT,
    GOT,
    REFUSED,
    DOWN
  }

  static final ModelNode IDLE = new ModelNode(Phase.IDLE, null, null, 0, -1, -1, false);

  Claim claim() {
    return Objects.requireNonNull(take, "take").claim();
  }

  static ModelNode writing(GrantRecord record) {
    return new ModelNode(Phase.WRITING, record, null, 0, -1, -1, false);
  }

  static ModelNode taking(Step.Take what, int now) {
    return new ModelNode(Phase.WRITING, what.next(), what, now, -1, -1, false);
  }

  /** It does not know whether what it took was written. */
  ModelNode withdrawing() {
    return new ModelNode(Phase.WITHDRAWING, null, take, at, -1, -1, false);
  }

  ModelNode taken() {
    return new ModelNode(Phase.TAKEN, null, take, at, -1, -1, false);
  }

  ModelNode sending(int what, int now) {
    return new ModelNode(Phase.SENT, null, take, now, what, -1, false);
  }

  ModelNode getting(int what) {
    return new ModelNode(Phase.GOT, null, take, at, token, what, false);
  }

  ModelNode boxing() {
    return new ModelNode(Phase.GOT, null, take, at, token, child, true);
  }

  ModelNode refused(int now) {
    return new ModelNode(Phase.REFUSED, null, take, now, token, -1, false);
  }

  /** Only the outbox is left. */
  ModelNode crashed(boolean keepsOutbox) {
    return isBoxed && keepsOutbox
        ? new ModelNode(Phase.DOWN, null, take, at, token, child, true)
        : new ModelNode(Phase.DOWN, null, null, 0, -1, -1, false);
  }

  ModelNode restarted() {
    return isBoxed ? new ModelNode(Phase.GOT, null, take, at, token, child, true) : IDLE;
  }
}
