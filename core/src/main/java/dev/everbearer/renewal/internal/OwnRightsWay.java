package dev.everbearer.renewal.internal;

import dev.everbearer.grant.ClientCredentialsGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Grants that need nobody: the client's own rights, or an assertion that can be had anew. Nothing
 * can be lost, so any attempt may be repeated. A refresh token is used only if the grant says so,
 * and when it is refused the grant itself is used in the same attempt.
 */
final class OwnRightsWay implements GrantRenewer.Way {

  private final Grant grant;
  private final boolean usesRefreshToken;
  private final GrantBook book;
  private final GrantExchange exchange;
  private final Presented presented = new Presented();

  OwnRightsWay(Grant grant, GrantBook book, GrantExchange exchange) {
    this.grant = grant;
    this.usesRefreshToken =
        grant instanceof ClientCredentialsGrant client && client.usesRefreshToken();
    this.book = book;
    this.exchange = exchange;
  }

  @Override
  public Renewer.Renewed renew(Seen seen, Renewer.Task task) throws InterruptedException {
    GrantRecord record = seen.record();
    Secret refreshToken = usesRefreshToken ? refreshTokenOf(record) : null;
    if (refreshToken != null) {
      try {
        return book.commit(
            exchange.ask(TokenRequest.refresh(grant, refreshToken), task.deadline()),
            GrantBook.Origin.refresh(refreshToken, record.generation()));
      } catch (OAuthException e) {
        FailureKind kind = GrantExchange.kind(e);
        if (kind != FailureKind.INVALID_GRANT && kind != FailureKind.REFUSED) {
          throw e;
        }
        book.forget(refreshToken);
      }
    }
    return book.commit(
        presented.ask(exchange, TokenRequest.of(grant), task.deadline()),
        GrantBook.Origin.ownRights(usesRefreshToken));
  }

  private @Nullable Secret refreshTokenOf(GrantRecord record) throws InterruptedException {
    return exchange.isOfThisServer(record) ? record.refreshToken().orElse(null) : null;
  }
}
