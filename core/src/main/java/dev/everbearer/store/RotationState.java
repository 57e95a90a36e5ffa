package dev.everbearer.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a refresh token on its way: who may send it, who has, and what came of that.
 *
 * @param lease who may start a renewal; null when anyone may
 * @param senders those that may still hold, or get, an answer
 * @param unclear the refresh token of now was sent, and nobody has shown an answer; null when it
 *     was not, or is replaced
 * @param isRefused whether the server refused the refresh token of now while a sender was unsettled
 * @param parent the refresh token that the one of now was obtained with; null when with none
 * @param attempt of the request that the one of now was the answer to; 0 when of none
 * @param spare a second child of the same parent; null when there is none
 * @param notBefore before this the refresh token of now is not sent for the first time, because an
 *     older one may still be on its way, or the server asked for peace; null when it may be
 * @param failures how often a renewal failed in a row, whoever tried
 */
public record RotationState(
    @Nullable Lease lease,
    List<Sender> senders,
    @Nullable UnclearSend unclear,
    boolean isRefused,
    @Nullable Fingerprint parent,
    int attempt,
    @Nullable Spare spare,
    @Nullable Instant notBefore,
    int failures) {

  /** Nothing is on its way. */
  public static final RotationState NONE =
      new RotationState(null, List.of(), null, false, null, 0, null, null, 0);

  /** Copies the list. */
  public RotationState {
    senders = List.copyOf(senders);
  }

  /** With another lease; null for none. */
  public RotationState withLease(@Nullable Lease next) {
    return new RotationState(
        next, senders, unclear, isRefused, parent, attempt, spare, notBefore, failures);
  }

  /** With other senders. */
  public RotationState withSenders(List<Sender> next) {
    return new RotationState(
        lease, next, unclear, isRefused, parent, attempt, spare, notBefore, failures);
  }

  /** With what is known of the last send; null when it is not unclear. */
  public RotationState withUnclear(@Nullable UnclearSend next) {
    return new RotationState(
        lease, senders, next, isRefused, parent, attempt, spare, notBefore, failures);
  }

  /** The server refused the refresh token of now. */
  public RotationState refused() {
    return new RotationState(
        lease, senders, unclear, true, parent, attempt, spare, notBefore, failures);
  }

  /**
   * With another refresh token in use, of which nothing is known but where it comes from.
   *
   * @param from the refresh token that it was obtained with; null when with none
   * @param byAttempt of the request that it was the answer to
   * @param besides a second child of the same parent; null when there is none
   */
  public RotationState replaced(
      @Nullable Fingerprint from, int byAttempt, @Nullable Spare besides) {
    return new RotationState(lease, senders, null, false, from, byAttempt, besides, notBefore, 0);
  }

  /** With a second child of the same parent; null for none. */
  public RotationState withSpare(@Nullable Spare next) {
    return new RotationState(
        lease, senders, unclear, isRefused, parent, attempt, next, notBefore, failures);
  }

  /**
   * With a time before which nothing is sent.
   *
   * @param next null when that may be at once
   * @param failed how often a renewal failed in a row
   */
  public RotationState withNotBefore(@Nullable Instant next, int failed) {
    return new RotationState(
        lease, senders, unclear, isRefused, parent, attempt, spare, next, failed);
  }
}
