package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.grant.InteractiveGrant;
import dev.everbearer.renewal.internal.Renewer.Renewed;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.token.LoginRequiredException.Reason;

/** A look at a grant's record, after somebody has changed it. */
final class StoreLook {

  private final Grant grant;
  private final GrantContext context;
  private final GrantBook book;

  StoreLook(Grant grant, GrantContext context, GrantBook book) {
    this.grant = grant;
    this.context = context;
    this.book = book;
  }

  /**
   * What is new to a source.
   *
   * @param generation that the source knows of, or an older one; -1 when none
   */
  StoreNews news(Snapshot snapshot, Renewer.Known known, long generation) {
    GrantRecord record = snapshot.record();
    boolean isOtherGeneration = record.generation() > generation;
    Reason dead = record.dead().orElse(null);
    if (dead != null) {
      return new StoreNews.Ended(over(dead), dead == Reason.LOGGED_OUT || isOtherGeneration);
    }
    StoredToken stored = record.token(book.variant()).orElse(null);
    if (stored != null && stored.token().equals(known.newest())) {
      return StoreNews.NOTHING;
    }
    Renewed newer = book.newerThan(known.newest(), snapshot);
    if (newer != null && (isOtherGeneration || known.isBefore(newer.sentNanos()))) {
      return new StoreNews.Newer(newer);
    }
    boolean isOverhauled = isOtherGeneration && (!isOfPerson() || isRefreshable(record));
    boolean livesAgain = known.isOver() && isRefreshable(record);
    return isOverhauled || livesAgain ? new StoreNews.Anew() : StoreNews.NOTHING;
  }

  /** Then a token is not dropped when only a person could bring the next. */
  private boolean isOfPerson() {
    return grant instanceof InteractiveGrant<?>;
  }

  private boolean isRefreshable(GrantRecord record) {
    return record.refreshToken().isPresent()
        && book.holdsKeyOf(record)
        && !LoginWay.isByLoginAlone(grant);
  }

  private SourceState.Over over(Reason dead) {
    SourceState.Over over = RefreshFailures.over(dead, null).over();
    return context.login().canLogin(grant) ? over.withLoginPossible() : over;
  }
}
