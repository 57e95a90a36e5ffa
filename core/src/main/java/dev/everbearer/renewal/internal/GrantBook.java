package dev.everbearer.renewal.internal;

import dev.everbearer.grant.ConnectedGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.InteractiveGrant;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.Variant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record of one grant in the store: what is read of it, and every change that is made to it.
 * Each change is repeated until nobody came in between.
 */
final class GrantBook {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private final Grant grant;
  private final GrantKey key;
  private final GrantContext context;

  GrantBook(Grant grant, GrantContext context) {
    this.grant = grant;
    this.key = GrantKey.of(context.registration(), grant);
    this.context = context;
  }

  GrantKey key() {
    return key;
  }

  /** What is asked for, with the key or certificate of now: what another one got is left alone. */
  Variant variant() {
    return Variant.of(grant.request(), context.keys().thumbprint());
  }

  TokenStore.Snapshot read() {
    return context.store().read(key);
  }

  /**
   * What another variant, source or process has put into the store since.
   *
   * @param inHand the token that is to be replaced
   */
  Renewer.@Nullable Renewed newerThan(@Nullable AccessToken inHand, TokenStore.Snapshot snapshot) {
    StoredToken stored = snapshot.record().token(variant()).orElse(null);
    Duration life = stored == null ? null : stored.life();
    AccessToken token = stored == null ? null : context.keys().usable(stored.token());
    if (stored == null || life == null || token == null || token.equals(inHand)) {
      return null;
    }
    Instant end = stored.obtainedAt().plus(life);
    Duration age = Duration.between(stored.obtainedAt(), snapshot.now());
    boolean isOver = !end.isAfter(snapshot.now().plusSeconds(1));
    Scope granted = token.scope().orElse(Scope.none());
    if (isOver || age.isNegative() || !granted.containsAll(grant.request().requiredScope())) {
      return null;
    }
    return new Renewer.Renewed(
        token,
        life,
        context.timing().wall().instant().minus(age),
        context.timing().nanoTime().getAsLong() - age.toNanos(),
        isRenewable(snapshot.record().refreshToken().orElse(null)));
  }

  /** Whether the next token can be had without a person. */
  private boolean isRenewable(@Nullable Secret refreshToken) {
    if (grant instanceof ConnectedGrant) {
      return refreshToken != null;
    }
    if (!(grant instanceof InteractiveGrant<?>)) {
      return true;
    }
    return refreshToken != null && !LoginWay.isByLoginAlone(grant);
  }

  // ---- what the server answered

  /**
   * Which part of an answer is for us.
   *
   * @param parent the refresh token that was sent; null when none was
   * @param keepsRefreshToken whether a refresh token in the answer is for us to use
   * @param isLogin whether a person has just granted anew, whatever was before
   * @param generation of the record that the parent stood in; of no meaning without a parent
   */
  record Origin(
      @Nullable Secret parent, boolean keepsRefreshToken, boolean isLogin, long generation) {

    static Origin refresh(Secret sent, long generation) {
      return new Origin(sent, true, false, generation);
    }

    static Origin ownRights(boolean keepsRefreshToken) {
      return new Origin(null, keepsRefreshToken, false, 0);
    }

    static Origin login() {
      return new Origin(null, true, true, 0);
    }

    /** Whether the grant was logged out, or in anew, while its refresh token was on its way. */
    boolean isOutrunBy(GrantRecord current) {
      return parent != null && current.generation() != generation;
    }
  }

  /**
   * Writes what the server answered, before anyone uses it. When less was granted than is required
   * the access token is not kept, but a new refresh token is: the old one may be over.
   */
  Renewer.Renewed commit(Answer answer, Origin origin) {
    Secret parent = origin.parent();
    Secret next = origin.keepsRefreshToken() ? answer.tokens().refreshToken().orElse(parent) : null;
    RuntimeException storeTrouble = null;
    GrantRecord written = null;
    try {
      written = change(current -> committed(current, answer, origin, next));
    } catch (RuntimeException e) {
      storeTrouble = e;
    }
    if (written != null && origin.isOutrunBy(written)) {
      throw outrun();
    }
    if (next != null && !next.equals(parent)) {
      handOver(answer);
    }
    if (storeTrouble != null && next != null) {
      throw notKept(storeTrouble);
    }
    if (storeTrouble != null) {
      reportNotShared(storeTrouble);
    }
    if (answer.shortfall() != null) {
      throw answer.shortfall().toException();
    }
    return renewed(answer, next);
  }

  /**
   * What was obtained.
   *
   * @param next the refresh token to go on with; null when there is none
   */
  Renewer.Renewed renewed(Answer answer, @Nullable Secret next) {
    return new Renewer.Renewed(
        answer.tokens().accessToken(),
        answer.tokens().expiresIn().orElse(null),
        answer.sentAt(),
        answer.sentNanos(),
        isRenewable(next));
  }

  private GrantRecord committed(
      TokenStore.Snapshot current, Answer answer, Origin origin, @Nullable Secret next) {
    ServerIdentity server = ServerIdentity.of(answer.server());
    Duration age = Duration.ofNanos(context.timing().nanoTime().getAsLong() - answer.sentNanos());
    Instant sentAt = current.now().minus(age);
    GrantRecord before = current.record();
    if (origin.isOutrunBy(before)) {
      return Logout.outrun(before, answer, origin.parent());
    }
    GrantRecord.Builder record = before.next();
    boolean isOfOther = before.server().filter(other -> !other.isSameServer(server)).isPresent();
    if (isOfOther || origin.isLogin()) {
      record.newGeneration();
    }
    Secret parent = origin.parent();
    if (parent == null || isStill(parent, before)) {
      GrantRecord old = isOfOther ? GrantRecord.absent() : before;
      boolean keeps = origin.keepsRefreshToken();
      record
          .refreshToken(
              keeps ? next : old.refreshToken().orElse(null),
              server,
              keeps ? answer.boundKey() : old.refreshTokenKey().orElse(null))
          .refreshTokenLife(keeps ? RefreshTokenLives.of(answer.tokens(), sentAt) : null)
          .alive();
    }
    Duration life = answer.tokens().expiresIn().orElse(null);
    if (answer.shortfall() == null && !Duration.ZERO.equals(life)) {
      record.token(variant(), new StoredToken(answer.tokens().accessToken(), sentAt, life));
    }
    return record.withoutEnded(current.now()).build();
  }

  /** The server has answered, and a rotated refresh token is spent: trying at once may end it. */
  OAuthException notKept(RuntimeException thrown) {
    return Failure.builder(
            FailureKind.UNCLEAR,
            "The token store failed (%s) when the tokens of %s were to be kept. Check the store."
                .formatted(shown(thrown), grant))
        .build()
        .toException();
  }

  /** Nothing can be lost by it: another one is had from the server as this one was. */
  private void reportNotShared(RuntimeException thrown) {
    LOG.log(
        context.health().isStoreDown() ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
        "The token store failed ({0}), so the token of {1} serves this process alone.",
        shown(thrown),
        grant);
  }

  /** Before anything was sent. */
  OAuthException notReached(RuntimeException thrown) {
    return Failure.builder(
            FailureKind.SERVER_TROUBLE,
            "The token store failed (%s) before %s was renewed, and nothing was sent. Check the store."
                .formatted(shown(thrown), grant))
        .cause(thrown instanceof OAuthException ? thrown : null)
        .build()
        .toException();
  }

  /** What foreign code threw may quote secrets; what a store of ours says does not. */
  static String shown(RuntimeException thrown) {
    return thrown instanceof OAuthException
        ? String.valueOf(thrown.getMessage())
        : thrown.getClass().getName();
  }

  /** The server refused the refresh token, and whether somebody has a newer one is not seen. */
  OAuthException notSeenAfterRefusal(RuntimeException thrown) {
    return Failure.builder(
            FailureKind.SERVER_TROUBLE,
            "The server refused the refresh token of %s, and the token store failed (%s) when it was"
                    .formatted(grant, shown(thrown))
                + " to be seen whether somebody has a newer one. Check the store.")
        .build()
        .toException();
  }

  OAuthException outrun() {
    return Failure.builder(
            FailureKind.SERVER_TROUBLE,
            "%s was logged out, or in anew, while it was renewed; what came is not used."
                .formatted(grant))
        .build()
        .toException();
  }

  void handOver(Answer answer) {
    try {
      context.onRotated().accept(answer.tokens());
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "onRotated threw {0}, so the new refresh token of {1} may not have been kept. This"
              + " process goes on with it; after a restart somebody may have to log in again.",
          e.getClass().getName(),
          grant);
    }
  }

  // ---- the refresh token

  /** The refresh token to send, the one that the grant began with included; null without one. */
  @Nullable Secret refreshToken(GrantRecord record) {
    if (Logout.isLoggedOut(record)) {
      return null;
    }
    return record.refreshToken().orElseGet(() -> grant.initialRefreshToken().orElse(null));
  }

  boolean isStill(Secret sent, GrantRecord record) {
    return sent.equals(refreshToken(record));
  }

  /** Whether the refresh token is bound to no key, or to the one that this client holds. */
  boolean holdsKeyOf(GrantRecord record) {
    return context.keys().holdsKeyOf(record);
  }

  /** Refuses to send a refresh token that is bound to a key which this client does not hold. */
  void requireOurKey(GrantRecord record) throws Renewer.GrantOverException {
    context.keys().requireOurs(grant, record);
  }

  /** The store failed, and what became of a refresh token on its way is not written. */
  void reportUnclear(RuntimeException thrown) {
    LOG.log(
        System.Logger.Level.WARNING,
        "The token store failed ({0}), so it does not know that the refresh token of {1} may be"
            + " spent.",
        thrown.getClass().getName(),
        grant);
  }

  void forget(Secret refused) {
    change(
        current ->
            current.record().refreshToken().filter(refused::equals).isPresent()
                ? current.record().next().refreshToken(null, null).build()
                : current.record());
  }

  /** What a record becomes; the same one is left as it is. */
  @FunctionalInterface
  interface Change {

    GrantRecord of(TokenStore.Snapshot current);
  }

  /** Changes the record until nobody came in between. */
  GrantRecord change(Change change) {
    return changed(change).record();
  }

  /** As {@link #change}, with the store's time of the last look. */
  TokenStore.Snapshot changed(Change change) {
    Contention contention = new Contention(new Pause(context.timing()));
    while (true) {
      TokenStore.Snapshot current = read();
      GrantRecord next = change.of(current);
      if (next == current.record() || compareAndSet(next)) {
        return new TokenStore.Snapshot(next, current.now());
      }
      contention.lost();
    }
  }

  /** Writes a record, unless somebody came in between. */
  boolean compareAndSet(GrantRecord next) {
    return context.store().compareAndSet(key, next);
  }
}
