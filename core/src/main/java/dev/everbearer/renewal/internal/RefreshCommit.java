package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.renewal.internal.rotation.Claim;
import dev.everbearer.renewal.internal.rotation.Settlement.Child;
import dev.everbearer.renewal.internal.rotation.Settlement.Fate;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.RefreshTokenLife;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Writes what came for a refresh token, before anyone uses it. */
final class RefreshCommit {

  private final Grant grant;
  private final GrantContext context;
  private final GrantBook book;
  private final Uncommitted uncommitted;

  RefreshCommit(Grant grant, GrantContext context, GrantBook book) {
    this.grant = grant;
    this.context = context;
    this.book = book;
    this.uncommitted = context.uncommitted();
  }

  /** Keeps the refresh token of an answer whose ID token is to be checked first, by the network. */
  void keepUnchecked(Answer answer, Claim claim, Secret sent, Instant now) {
    if (context.store().isDurable() && answer.tokens().idToken().isPresent()) {
      uncommitted.keep(
          book.key(),
          Uncommitted.entry(claim, child(answer, sent), life(answer, now), book.variant(), null));
    }
  }

  /** What was kept is not to be used. */
  void discard() {
    if (context.store().isDurable()) {
      uncommitted.discard(book.key());
    }
  }

  private static Child child(Answer answer, Secret sent) {
    Secret next = answer.tokens().refreshToken().orElse(sent);
    return new Child(next, answer.boundKey(), ServerIdentity.of(answer.server()));
  }

  /**
   * Writes an answer.
   *
   * @param taken the record with the claim, and now by the store's clock
   * @return null when the store holds something newer than this by now
   */
  Renewer.@Nullable Renewed commit(Answer answer, Claim claim, Secret sent, Snapshot taken) {
    Secret next = answer.tokens().refreshToken().orElse(sent);
    GrantRecord entry =
        Uncommitted.entry(
            claim,
            child(answer, sent),
            life(answer, taken.now()),
            book.variant(),
            stored(answer, taken.now()));
    if (context.store().isDurable()) {
      uncommitted.keep(book.key(), entry);
    }
    RuntimeException trouble = null;
    Fate fate = Fate.STORED;
    try {
      fate = uncommitted.write(book.key(), entry, taken);
    } catch (RuntimeException e) {
      trouble = e;
    }
    if (fate == Fate.DROPPED && isOutrun(claim)) {
      revokeAfterLogout();
      throw book.outrun();
    }
    if (!next.equals(sent)) {
      book.handOver(answer);
    }
    if (trouble != null) {
      notWritten(trouble);
    }
    if (answer.shortfall() != null) {
      throw answer.shortfall().toException();
    }
    return fate == Fate.STORED || fate == Fate.RECOVERED ? book.renewed(answer, next) : null;
  }

  private @Nullable StoredToken stored(Answer answer, Instant now) {
    Duration life = answer.tokens().expiresIn().orElse(null);
    if (answer.shortfall() != null || Duration.ZERO.equals(life)) {
      return null;
    }
    return new StoredToken(answer.tokens().accessToken(), sentAt(answer, now), life);
  }

  private RefreshTokenLife life(Answer answer, Instant now) {
    return RefreshTokenLives.of(answer.tokens(), sentAt(answer, now));
  }

  private Instant sentAt(Answer answer, Instant now) {
    return now.minusNanos(nanos() - answer.sentNanos());
  }

  private boolean isOutrun(Claim claim) {
    Snapshot current = book.read();
    return current.record().generation() != claim.generation();
  }

  /** What is in the outbox can be used meanwhile; else trying at once may end the grant. */
  private void notWritten(RuntimeException trouble) {
    if (!context.store().isDurable()) {
      throw book.notKept(trouble);
    }
    context.health().uncommitted(book.key(), grant.toString(), GrantBook.shown(trouble));
    context.retries().until(context.timing(), this::writeAgain);
  }

  private void writeAgain() {
    boolean unused = isWritten();
    revokeAfterLogout();
  }

  /** Never after a login: some servers would end the new grant with it. */
  private void revokeAfterLogout() {
    if (Logout.isLoggedOut(book.read().record())) {
      context.lateRevoker().begin(grant, context);
    }
  }

  private boolean isWritten() {
    ReentrantLock lock = GrantLocks.of(context.store(), book.key());
    lock.lock();
    try {
      return uncommitted.replay(book.key());
    } finally {
      lock.unlock();
    }
  }

  private long nanos() {
    return context.timing().nanoTime().getAsLong();
  }
}
