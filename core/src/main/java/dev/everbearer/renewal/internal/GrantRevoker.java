package dev.everbearer.renewal.internal;

import dev.everbearer.grant.ConnectedGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.InteractiveGrant;
import dev.everbearer.grant.RefreshTokenGrant;
import dev.everbearer.protocol.RevocationEndpoint;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.PendingRevocation;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives a whole grant back (RFC 7009): first its tokens go out of use in the store, then the server
 * is told of each, the refresh token before the access tokens. What the server was not told of
 * stays noted in the record, and the next time is tried again.
 */
public final class GrantRevoker {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private final Grant grant;
  private final GrantContext context;
  private final TokenRevoker revoker;
  private final GrantBook book;

  /** The revoker of a grant. */
  public GrantRevoker(
      Grant grant, GrantContext context, RevocationEndpoint endpoint, ServerCalls calls) {
    this.grant = grant;
    this.context = context;
    this.revoker = new TokenRevoker(endpoint, calls);
    this.book = new GrantBook(grant, context);
  }

  /** Whether only a login, or a new refresh token, brings the next token. */
  public boolean isLogout() {
    return grant instanceof RefreshTokenGrant
        || grant instanceof ConnectedGrant
        || grant instanceof InteractiveGrant<?>;
  }

  /**
   * Takes every token out of use, in the store.
   *
   * @param patience how long to wait for a renewal under way, so that what it brings is in the
   *     record; a longer one finds the record closed
   * @throws OAuthException when the store fails
   * @throws InterruptedException when interrupted
   */
  public void withdraw(Duration patience) throws InterruptedException {
    ReentrantLock lock = GrantLocks.of(context.store(), book.key());
    boolean isOurs = lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    try {
      kept(
          () -> {
            boolean unused = context.uncommitted().replay(book.key());
            return book.change(
                current ->
                    isNobodys(current.record())
                        ? current.record()
                        : Logout.withdrawn(
                            current, book.refreshToken(current.record()), isLogout()));
          });
    } finally {
      if (isOurs) {
        lock.unlock();
      }
    }
  }

  /** Whether it is of a user who was never connected: there is nothing to end. */
  private boolean isNobodys(GrantRecord record) {
    return grant instanceof ConnectedGrant && record.version() == 0;
  }

  /**
   * Tells the server of every token that is out of use.
   *
   * @param maxWait for all of them together
   * @throws OAuthException when it was not told of all
   * @throws InterruptedException when interrupted
   */
  public void revoke(Duration maxWait) throws InterruptedException {
    long deadline = context.timing().nanoTime().getAsLong() + maxWait.toNanos();
    PendingRevocation next = next();
    while (next != null) {
      revoke(next, Duration.ofNanos(deadline - context.timing().nanoTime().getAsLong()));
      PendingRevocation done = next;
      kept(() -> book.change(current -> Logout.told(current.record(), done)));
      next = next();
    }
  }

  private void revoke(PendingRevocation token, Duration left) throws InterruptedException {
    try {
      revoker.revoke(token.token(), token.typeHint(), left);
    } catch (OAuthException e) {
      if (!TokenRevoker.isNotRevocable(e)) {
        throw TokenRevoker.explained(
            e, "%s is out of use here, and its server still has to be told.".formatted(grant));
      }
      LOG.log(System.Logger.Level.INFO, "{0} was given up: {1}", grant, e.getMessage());
    }
  }

  /** The next token to revoke; null when none is left. It goes to nobody but who gave it. */
  private @Nullable PendingRevocation next() throws InterruptedException {
    GrantRecord record = kept(() -> book.read().record());
    if (record.toRevoke().isEmpty()) {
      return null;
    }
    ServerIdentity here = ServerIdentity.of(context.endpoint().server());
    for (PendingRevocation each : record.toRevoke()) {
      if (each.givenBy() == null || each.givenBy().isSameServer(here)) {
        return each;
      }
    }
    throw Failure.builder(
            FailureKind.REFUSED,
            "%s is out of use here; its tokens were given by %s, and %s is not told of them. Revoke"
                    .formatted(grant, record.toRevoke().get(0).givenBy(), here)
                + " with a client of the server that gave them.")
        .build()
        .toException();
  }

  private <T> T kept(Supplier<T> work) {
    try {
      return work.get();
    } catch (OAuthException e) {
      throw e;
    } catch (RuntimeException e) {
      throw Failure.builder(
              FailureKind.SERVER_TROUBLE,
              "The token store failed (%s) while %s was given back. Check the store, and do it again."
                  .formatted(e.getClass().getName(), grant))
          .build()
          .toException();
    }
  }
}
