package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.store.GrantRecord;
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
  }

  @Override
  public Renewer.Renewed renew(GrantRecord record, Duration deadline)
      throws Renewer.GrantOverException, InterruptedException {
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
    try {
      Answer answer = exchange.ask(TokenRequest.refresh(grant, sent), deadline);
      return book.commit(
          checked(answer, sent), GrantBook.Origin.refresh(sent, record.generation()));
    } catch (OAuthException e) {
      if (GrantExchange.kind(e) == FailureKind.INVALID_GRANT) {
        return refused(sent, e.failure().orElse(null), deadline);
      }
      if (e.failure().map(Failure::isUnclear).orElse(false)) {
        book.markUnclear(sent);
      }
      throw e;
    } finally {
      context.rotations().end();
    }
  }

  private Answer checked(Answer answer, Secret sent) throws InterruptedException {
    try {
      return idToken.checked(answer);
    } catch (OAuthException e) {
      book.markUnclear(sent);
      throw e;
    }
  }

  /** {@code invalid_grant} is a question: was it ours that was refused, or one replaced since? */
  private Renewer.Renewed refused(Secret sent, @Nullable Failure failure, Duration deadline)
      throws Renewer.GrantOverException, InterruptedException {
    GrantRecord current = book.read().record();
    if (!book.isStill(sent, current)) {
      return renew(current, deadline);
    }
    Reason reason = current.isUnclear() ? Reason.LOST_IN_FLIGHT : Reason.REFUSED;
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
