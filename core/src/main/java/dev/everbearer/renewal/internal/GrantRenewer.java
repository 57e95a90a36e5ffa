package dev.everbearer.renewal.internal;

import dev.everbearer.grant.ClientCredentialsGrant;
import dev.everbearer.grant.ConnectedGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.InteractiveGrant;
import dev.everbearer.grant.RefreshTokenGrant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.Variant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One renewal of one variant of a grant: take turns with whoever shares it, read the store and
 * adopt what is newer, else go the grant's own way to a new token.
 */
public final class GrantRenewer implements Renewer {

  /** A grant's own way to a new token. */
  interface Way {

    /**
     * Gets a token from the server and commits it.
     *
     * @param seen the grant as it stands in the store
     */
    Renewed renew(Seen seen, Task task)
        throws GrantOverException, TooEarlyException, InterruptedException;
  }

  private final Grant grant;
  private final GrantContext context;
  private final GrantBook book;
  private final GrantExchange exchange;
  private final Way way;
  private final StoreLook storeLook;

  /** Of the record that the token in hand comes from, or an older one; -1 before the first. */
  private volatile long generation = -1;

  /** The renewer of a grant. */
  public GrantRenewer(Grant grant, GrantContext context) {
    this.grant = grant;
    this.context = context;
    this.book = new GrantBook(grant, context);
    this.exchange = new GrantExchange(grant, context);
    this.way = way();
    this.storeLook = new StoreLook(grant, context, book);
  }

  private Way way() {
    boolean isInteractive = grant instanceof InteractiveGrant<?>;
    if (!isUnrepeatable()) {
      return new OwnRightsWay(grant, book, exchange);
    }
    RefreshedIdToken idToken = new RefreshedIdToken(grant, context.idTokens());
    RefreshWay refresh = new RefreshWay(grant, context, book, exchange, idToken);
    if (grant instanceof ConnectedGrant) {
      return new ConnectedWay(grant, refresh);
    }
    return isInteractive
        ? new LoginWay(
            grant, context.profile(), context.login(), book, refresh, idToken, context.timing())
        : refresh;
  }

  @Override
  public boolean isUnrepeatable() {
    return grant instanceof RefreshTokenGrant
        || grant instanceof ConnectedGrant
        || grant instanceof InteractiveGrant<?>;
  }

  @Override
  public Renewed renew(Task task)
      throws GrantOverException, TooEarlyException, InterruptedException {
    ReentrantLock lock = GrantLocks.of(context.store(), lockKey());
    if (!lock.tryLock(task.deadline().toNanos(), TimeUnit.NANOSECONDS)) {
      throw exchange.busy("another renewal of the same grant takes long");
    }
    try {
      long before = nanos();
      TokenStore.Snapshot snapshot = current();
      long after = nanos();
      if (snapshot.record().version() > 0) {
        generation = snapshot.record().generation();
      }
      Renewed newer =
          exchange.isOfThisServer(snapshot.record())
              ? book.newerThan(task.inHand(), snapshot)
              : null;
      if (newer != null) {
        context.health().waitsNoMore(book.key());
        return newer;
      }
      return way.renew(new Seen(snapshot, before, after), task);
    } finally {
      lock.unlock();
    }
  }

  private long nanos() {
    return context.timing().nanoTime().getAsLong();
  }

  /** The grant as it stands; without the store, what can be had anew has nothing to lose. */
  private TokenStore.Snapshot current() {
    try {
      boolean unused = context.uncommitted().replay(book.key());
      return book.read();
    } catch (RuntimeException e) {
      if (sharesRefreshToken()) {
        throw book.notReached(e);
      }
      return new TokenStore.Snapshot(GrantRecord.absent(), context.timing().wall().instant());
    }
  }

  @Override
  public StoreNews look(Known known) throws InterruptedException {
    TokenStore.Snapshot snapshot = book.read();
    GrantRecord record = snapshot.record();
    if (record.version() == 0 || !exchange.isOfThisServer(record)) {
      return StoreNews.NOTHING;
    }
    StoreNews news = storeLook.news(snapshot, known, generation);
    if (news instanceof StoreNews.Newer) {
      context.health().waitsNoMore(book.key());
    }
    if (!known.isFlying()) {
      generation = record.generation();
    }
    return news;
  }

  @Override
  public String trouble() {
    return context.health().ofGrant(book.key());
  }

  /** Who shares a refresh token takes turns; variants that have none need not. */
  private Object lockKey() {
    return sharesRefreshToken() ? book.key() : new VariantKey(book.key(), book.variant());
  }

  private boolean sharesRefreshToken() {
    return grant instanceof ClientCredentialsGrant client
        ? client.usesRefreshToken()
        : isUnrepeatable();
  }

  private record VariantKey(GrantKey key, Variant variant) {}
}
