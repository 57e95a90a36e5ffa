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
  public Renewer.Renewed renew(TokenStore.Snapshot snapshot, Duration deadline)
      throws Renewer.GrantOverException, InterruptedException {
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
    Duration limit = resend.limit(grant, snapshot, deadline);
    long sentNanos = context.timing().nanoTime().getAsLong();
    context.rotations().begin();
    try {
      Answer answer = checked(snapshot, sent, sentNanos, limit);
      return book.commit(answer, GrantBook.Origin.refresh(sent, record.generation()));
    } catch (OAuthException e) {
      if (GrantExchange.kind(e) == FailureKind.INVALID_GRANT) {
        return refused(sent, e.failure().orElse(null), deadline);
      }
      if (!e.failure().map(Failure::isUnclear).orElse(false)) {
        throw e;
      }
      UnclearSend unclear = unclear(snapshot, sentNanos);
      book.markUnclear(sent, unclear);
      throw resend.explained(e, unclear);
    } finally {
      context.rotations().end();
    }
  }

  private Answer checked(
      TokenStore.Snapshot snapshot, Secret sent, long sentNanos, Duration deadline)
      throws InterruptedException {
    Answer answer = exchange.ask(TokenRequest.refresh(grant, sent), deadline);
    try {
      return idToken.checked(answer);
    } catch (OAuthException e) {
      book.markUnclear(sent, unclear(snapshot, sentNanos));
      throw e;
    }
  }

  /** The attempt that was made since the record was read is given up now. */
  private UnclearSend unclear(TokenStore.Snapshot snapshot, long sentNanos) {
    long elapsed = context.timing().nanoTime().getAsLong() - sentNanos;
    return snapshot
        .record()
        .unclear()
        .orElseGet(() -> new UnclearSend(snapshot.now(), snapshot.now()))
        .again(snapshot.now().plusNanos(elapsed));
  }

  /** {@code invalid_grant} is a question: was it ours that was refused, or one replaced since? */
  private Renewer.Renewed refused(Secret sent, @Nullable Failure failure, Duration deadline)
      throws Renewer.GrantOverException, InterruptedException {
    TokenStore.Snapshot current = book.read();
    if (!book.isStill(sent, current.record())) {
      return renew(current, deadline);
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
