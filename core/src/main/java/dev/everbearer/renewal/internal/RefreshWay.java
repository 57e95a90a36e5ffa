package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** By the refresh token: it may rotate, and a rotated one must not be lost. */
final class RefreshWay implements GrantRenewer.Way {

  private final Grant grant;
  private final GrantContext context;
  private final GrantBook book;
  private final GrantExchange exchange;
  private final RefreshedIdToken idToken;
  private final Resend resend;

  RefreshWay(
      Grant grant,
      GrantContext context,
      GrantBook book,
      GrantExchange exchange,
      RefreshedIdToken idToken) {
    this.grant = grant;
    this.context = context;
    this.book = book;
    this.exchange = exchange;
    this.idToken = idToken;
    this.resend = new Resend(context.profile().reuseWindow(), context.exchangeTimeout());
  }

  @Override
  public Renewer.Renewed renew(TokenStore.Snapshot snapshot, Renewer.Task task)
      throws Renewer.GrantOverException, Renewer.TooEarlyException, InterruptedException {
    long readAt = nanos();
    GrantRecord record = snapshot.record();
    if (record.dead().isPresent()) {
      throw over(record.dead().get(), null);
    }
    Secret sent = book.refreshToken(record);
    if (sent == null) {
      throw over(Reason.REFUSED, null);
    }
    exchange.requireThisServer(record);
    book.requireOurKey(record);
    context.rotations().begin();
    try (GrantExchange.Permit permit = exchange.permit(task.deadline())) {
      Instant sentAt = snapshot.now().plusNanos(nanos() - readAt);
      return sent(permit, new Sending(snapshot, sent, sentAt, nanos()), task);
    } finally {
      context.rotations().end();
    }
  }

  /**
   * A refresh token on its way.
   *
   * @param snapshot the record that it stood in
   * @param sentAt by the store's clock
   * @param sentNanos by the monotonic clock
   */
  private record Sending(
      TokenStore.Snapshot snapshot, Secret token, Instant sentAt, long sentNanos) {

    GrantRecord record() {
      return snapshot.record();
    }
  }

  private Renewer.Renewed sent(GrantExchange.Permit permit, Sending sending, Renewer.Task task)
      throws Renewer.GrantOverException, Renewer.TooEarlyException, InterruptedException {
    Duration limit = requireTime(sending, task);
    try {
      Answer answer = permit.ask(TokenRequest.refresh(grant, sending.token()), limit);
      return book.commit(
          checked(answer, sending),
          GrantBook.Origin.refresh(sending.token(), sending.record().generation()));
    } catch (OAuthException e) {
      if (GrantExchange.kind(e) == FailureKind.INVALID_GRANT) {
        return refused(sending.token(), e.failure().orElse(null), task);
      }
      if (!e.failure().map(Failure::isUnclear).orElse(false)) {
        throw e;
      }
      throw resend.explained(e, markUnclear(sending));
    } catch (InterruptedException e) {
      markUnclear(sending);
      throw e;
    }
  }

  private Duration requireTime(Sending sending, Renewer.Task task)
      throws Renewer.TooEarlyException {
    UnclearSend earlier = sending.record().unclear().orElse(null);
    if (earlier == null) {
      return task.deadline();
    }
    if (earlier.isAfter(sending.sentAt())) {
      book.markUnclear(sending.token(), earlier.longAgo(sending.sentAt()));
    }
    return resend.limit(grant, earlier, sending.sentAt(), task);
  }

  private Answer checked(Answer answer, Sending sending) throws InterruptedException {
    try {
      return idToken.checked(answer);
    } catch (OAuthException e) {
      markUnclear(sending);
      throw e;
    }
  }

  /** The attempt is given up now. */
  private UnclearSend markUnclear(Sending sending) {
    Instant now = sending.sentAt().plusNanos(nanos() - sending.sentNanos());
    UnclearSend unclear =
        sending
            .record()
            .unclear()
            .orElseGet(() -> new UnclearSend(sending.sentAt(), sending.sentAt()))
            .givenUp(now);
    book.markUnclear(sending.token(), unclear);
    return unclear;
  }

  private long nanos() {
    return context.timing().nanoTime().getAsLong();
  }

  /** {@code invalid_grant} is a question: was it ours that was refused, or one replaced since? */
  private Renewer.Renewed refused(Secret sent, @Nullable Failure failure, Renewer.Task task)
      throws Renewer.GrantOverException, Renewer.TooEarlyException, InterruptedException {
    TokenStore.Snapshot current = book.read();
    if (!book.isStill(sent, current.record())) {
      return renew(current, task);
    }
    Reason reason = current.record().unclear().isPresent() ? Reason.LOST_IN_FLIGHT : Reason.REFUSED;
    book.markDead(sent, reason);
    throw over(reason, failure);
  }

  private static Renewer.GrantOverException over(Reason reason, @Nullable Failure failure) {
    if (reason == Reason.LOGGED_OUT) {
      return new Renewer.GrantOverException(SourceState.Over.loggedOut(false));
    }
    String why =
        reason == Reason.LOST_IN_FLIGHT
            ? "an answer with its successor was lost on the way, and the server takes the old one"
                + " no more"
            : "the server refused it: it was revoked, it ran out, or it was used elsewhere";
    return new Renewer.GrantOverException(
        new SourceState.Over(
            reason,
            "The refresh token is of no use any more: %s. Log in again, or hand in a new one.%s"
                .formatted(why, failure == null ? "" : " " + failure.message()),
            failure,
            false));
  }
}
