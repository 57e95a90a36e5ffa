package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.internal.rotation.Claim;
import dev.everbearer.renewal.internal.rotation.Settlement;
import dev.everbearer.renewal.internal.rotation.Settlement.Answered;
import dev.everbearer.renewal.internal.rotation.Settlement.Child;
import dev.everbearer.renewal.internal.rotation.Settlement.Fate;
import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Lease;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.RefreshTokenLife;
import dev.everbearer.store.RotationState;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.store.Variant;
import dev.everbearer.token.Secret;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a server gave for a refresh token, on its way into the store: in the outbox first, so that
 * neither a crash nor an outage of the store loses it. Thread-safe.
 */
final class Uncommitted {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private static final Set<Outbox> WARNED_OF =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private final TokenStore store;
  private final Outbox outbox;
  private final Pause pause;

  Uncommitted(TokenStore store, Outbox outbox, Pause pause) {
    this.store = store;
    this.outbox = outbox;
    this.pause = pause;
  }

  /** An answer as the outbox keeps it. */
  static GrantRecord entry(
      Claim claim,
      Child child,
      RefreshTokenLife life,
      Variant variant,
      @Nullable StoredToken accessToken) {
    RotationState from =
        RotationState.NONE
            .withLease(new Lease(claim.owner(), claim.epoch(), Instant.EPOCH))
            .replaced(claim.token(), claim.attempt(), null);
    GrantRecord.Builder entry =
        GrantRecord.restoring(claim.generation(), claim.epoch())
            .refreshToken(child.token(), child.server(), child.keyThumbprint())
            .refreshTokenLife(life)
            .rotation(from);
    return (accessToken == null ? entry : entry.token(variant, accessToken)).build();
  }

  /** Keeps an answer for the case that writing it fails, or this process does. */
  void keep(GrantKey key, GrantRecord entry) {
    if (!outbox.isDurable() && WARNED_OF.add(outbox)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "A refresh token of {0} is renewed, and this client has no outbox on a disk: if the"
              + " process ends between the server''s answer and the store''s, somebody has to log"
              + " in again. Give the client an outbox(Outbox.in(directory, keys)).",
          key.registration());
    }
    try {
      outbox.put(key, entry);
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The outbox cannot be written ({0}), so until the store has the new tokens of a grant"
              + " they are in this process alone. Check {1}.",
          GrantBook.shown(e),
          outbox);
    }
  }

  /** An answer that must not be used. */
  void discard(GrantKey key) {
    outbox.remove(key);
  }

  /**
   * Puts an answer where it belongs in the store.
   *
   * @param known the record as it was written last, as far as is known
   * @throws RuntimeException what the store threw: it is still in the outbox then
   */
  Fate write(GrantKey key, GrantRecord entry, Snapshot known) {
    Snapshot current = known;
    Contention contention = new Contention(pause);
    while (true) {
      Answered answered = Settlement.answered(current.record(), claim(entry), child(entry));
      if (store.compareAndSet(key, completed(current, answered, entry))) {
        outbox.remove(key);
        report(key, answered.fate());
        return answered.fate();
      }
      contention.lost();
      current = store.read(key);
    }
  }

  private static void report(GrantKey key, Fate fate) {
    if (fate == Fate.RECOVERED) {
      LOG.log(
          System.Logger.Level.INFO,
          "The {0} grant of {1} was thought over, and lives: its server's answer came late.",
          key.grantType(),
          key.registration());
    }
  }

  private static GrantRecord completed(Snapshot current, Answered answered, GrantRecord entry) {
    GrantRecord record = current.record();
    GrantRecord.Builder next = answered.next();
    if (isInUse(answered.fate())) {
      next.refreshTokenLife(RefreshTokenLives.of(entry, record));
      entry.tokens().forEach((variant, token) -> newest(next, current, variant, token));
    }
    if (answered.fate() == Fate.DROPPED && Logout.isLoggedOut(record)) {
      return Logout.outrun(record, entry);
    }
    return next.withoutEnded(current.now()).build();
  }

  private static boolean isInUse(Fate fate) {
    return fate == Fate.STORED || fate == Fate.RECOVERED;
  }

  /**
   * Of two answers to the same refresh token, the access token of the later request; one that was
   * obtained ahead of now is of a clock that was set back since.
   */
  private static void newest(
      GrantRecord.Builder next, Snapshot current, Variant variant, StoredToken token) {
    boolean isOlder =
        current
            .record()
            .token(variant)
            .map(StoredToken::obtainedAt)
            .filter(at -> !at.isAfter(current.now()))
            .map(at -> at.isAfter(token.obtainedAt()))
            .orElse(false);
    if (!isOlder) {
      next.token(variant, token);
    }
  }

  private static Claim claim(GrantRecord entry) {
    RotationState from = entry.rotation();
    Lease lease = Objects.requireNonNull(from.lease(), "lease");
    Fingerprint sent = Objects.requireNonNull(from.parent(), "parent");
    return new Claim(lease.owner(), lease.epoch(), entry.generation(), sent, from.attempt(), null);
  }

  private static Child child(GrantRecord entry) {
    Secret token = entry.refreshToken().orElseThrow();
    ServerIdentity server = entry.server().orElseThrow();
    return new Child(token, entry.refreshTokenKey().orElse(null), server);
  }

  /**
   * Writes what this process, or the one before it, could not write for a grant. Whoever calls this
   * has the grant's lock.
   *
   * @return whether there was something, and it is in the store now
   */
  boolean replay(GrantKey key) {
    GrantRecord entry = outbox.uncommitted(key);
    if (entry == null) {
      return false;
    }
    Snapshot current = store.read(key);
    if (current.record().version() == 0) {
      // A claim stands in the record before anything is sent: this is the outbox of another store.
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} holds new tokens of a grant of {1} that this token store has never had; they are"
              + " left there. Is it the outbox of another store?",
          outbox,
          key.registration());
      return false;
    }
    Fate unused = write(key, entry, current);
    return true;
  }

  /**
   * Writes all that this process, and those of this place that have ended, could not write.
   *
   * @throws RuntimeException the first failure, after the others were tried
   */
  void replayAll() {
    List<Outbox> orphans = outbox.orphans();
    Failures failures = new Failures();
    failures.collect(this::replayEach);
    for (Outbox orphan : orphans) {
      failures.collect(new Uncommitted(store, orphan, pause)::replayEach);
      failures.collect(orphan::close);
    }
    failures.rethrow();
  }

  private void replayEach() {
    Failures failures = new Failures();
    for (GrantKey key : outbox.uncommitted().keySet()) {
      failures.collect(() -> replayLocked(key));
    }
    failures.rethrow();
  }

  private void replayLocked(GrantKey key) {
    ReentrantLock lock = GrantLocks.of(store, key);
    lock.lock();
    try {
      boolean unused = replay(key);
    } finally {
      lock.unlock();
    }
  }

  /** Keeps the first of several failures. */
  private static final class Failures {

    private @Nullable RuntimeException first;

    void collect(Runnable work) {
      try {
        work.run();
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
    }

    void rethrow() {
      if (first != null) {
        throw first;
      }
    }
  }
}
