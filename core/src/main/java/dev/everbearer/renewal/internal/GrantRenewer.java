package dev.everbearer.renewal.internal;

import dev.everbearer.grant.ClientCredentialsGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.RefreshTokenGrant;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.Variant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One renewal of one variant of a grant: read the store and adopt what is newer, ask the server,
 * commit fenced on the refresh token that was sent, and only then hand the token out.
 */
public final class GrantRenewer implements Renewer {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private final Grant grant;
  private final GrantKey key;
  private final Variant variant;
  private final GrantContext context;

  /** The renewer of a grant. */
  public GrantRenewer(Grant grant, GrantContext context) {
    this.grant = grant;
    this.key = GrantKey.of(context.registration(), grant);
    this.variant = Variant.of(grant.request());
    this.context = context;
  }

  @Override
  public boolean isUnrepeatable() {
    return grant instanceof RefreshTokenGrant;
  }

  @Override
  public Renewed renew(@Nullable AccessToken inHand, Duration deadline)
      throws GrantOverException, InterruptedException {
    ReentrantLock lock = GrantLocks.of(context.store(), lockKey());
    if (!lock.tryLock(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
      throw busy("another renewal of the same grant takes long");
    }
    try {
      return renewLocked(inHand, deadline);
    } finally {
      lock.unlock();
    }
  }

  /** Who shares a refresh token takes turns; the client's own variants need not. */
  private Object lockKey() {
    boolean sharesRefreshToken =
        !(grant instanceof ClientCredentialsGrant client) || client.usesRefreshToken();
    return sharesRefreshToken ? key : new VariantKey(key, variant);
  }

  private record VariantKey(GrantKey key, Variant variant) {}

  private OAuthException busy(String why) {
    return Failure.builder(FailureKind.SERVER_TROUBLE, "No token for %s: %s.".formatted(grant, why))
        .build()
        .toException();
  }

  private Renewed renewLocked(@Nullable AccessToken inHand, Duration deadline)
      throws GrantOverException, InterruptedException {
    TokenStore.Snapshot snapshot = context.store().read(key);
    Renewed newer = isOfThisServer(snapshot.record()) ? newerThan(inHand, snapshot) : null;
    if (newer != null) {
      return newer;
    }
    return grant instanceof ClientCredentialsGrant client
        ? renewClient(client, snapshot.record(), deadline)
        : renewByRefresh(snapshot.record(), deadline);
  }

  /** What another variant, source or process has put into the store since. */
  private @Nullable Renewed newerThan(@Nullable AccessToken inHand, TokenStore.Snapshot snapshot) {
    StoredToken stored = snapshot.record().token(variant).orElse(null);
    Duration life = stored == null ? null : stored.life();
    if (stored == null || life == null || stored.token().equals(inHand)) {
      return null;
    }
    Instant end = stored.obtainedAt().plus(life);
    Duration age = Duration.between(stored.obtainedAt(), snapshot.now());
    boolean isOver = !end.isAfter(snapshot.now().plusSeconds(1));
    Scope granted = stored.token().scope().orElse(Scope.none());
    if (isOver || age.isNegative() || !granted.containsAll(grant.request().requiredScope())) {
      return null;
    }
    return new Renewed(
        stored.token(),
        life,
        context.timing().wall().instant().minus(age),
        context.timing().nanoTime().getAsLong() - age.toNanos());
  }

  // ---- the client's own rights: nothing can be lost, so any attempt may be repeated

  private Renewed renewClient(ClientCredentialsGrant client, GrantRecord record, Duration deadline)
      throws InterruptedException {
    Secret refreshToken =
        client.usesRefreshToken() && isOfThisServer(record)
            ? record.refreshToken().orElse(null)
            : null;
    if (refreshToken != null) {
      try {
        return commit(ask(TokenRequest.refresh(grant, refreshToken), deadline), refreshToken, true);
      } catch (OAuthException e) {
        FailureKind kind = kind(e);
        if (kind != FailureKind.INVALID_GRANT && kind != FailureKind.REFUSED) {
          throw e;
        }
        forget(refreshToken);
      }
    }
    Answer answer = ask(TokenRequest.clientCredentials(grant), deadline);
    return commit(answer, null, client.usesRefreshToken());
  }

  private void forget(Secret refused) {
    update(
        current ->
            current.record().refreshToken().filter(refused::equals).isPresent()
                ? current.record().next().refreshToken(null, null).build()
                : current.record());
  }

  // ---- a refresh token: it may rotate, and a rotated one must not be lost

  private Renewed renewByRefresh(GrantRecord record, Duration deadline)
      throws GrantOverException, InterruptedException {
    if (record.dead().isPresent()) {
      throw new GrantOverException(over(record.dead().get(), null));
    }
    Secret sent = record.refreshToken().orElseGet(this::initialRefreshToken);
    requireThisServer(record);
    context.rotations().begin();
    try {
      return commit(ask(TokenRequest.refresh(grant, sent), deadline), sent, true);
    } catch (OAuthException e) {
      if (kind(e) == FailureKind.INVALID_GRANT) {
        return refused(sent, e.failure().orElse(null), deadline);
      }
      if (e.failure().map(Failure::isUnclear).orElse(false)) {
        markUnclear(sent);
      }
      throw e;
    } finally {
      context.rotations().end();
    }
  }

  private void markUnclear(Secret sent) {
    try {
      updateIfStill(sent, current -> current.next().unclear().build());
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The token store failed ({0}), so it does not know that the refresh token of {1} may be"
              + " spent.",
          e.getClass().getName(),
          grant);
    }
  }

  /** {@code invalid_grant} is a question: was it ours that was refused, or one replaced since? */
  private Renewed refused(Secret sent, @Nullable Failure failure, Duration deadline)
      throws GrantOverException, InterruptedException {
    GrantRecord current = context.store().read(key).record();
    if (!isStill(sent, current)) {
      return renewByRefresh(current, deadline);
    }
    Reason reason = current.isUnclear() ? Reason.LOST_IN_FLIGHT : Reason.REFUSED;
    updateIfStill(sent, record -> record.next().dead(reason).build());
    throw new GrantOverException(over(reason, failure));
  }

  private boolean isStill(Secret sent, GrantRecord record) {
    return record.refreshToken().orElseGet(this::initialRefreshToken).equals(sent);
  }

  private Secret initialRefreshToken() {
    return ((RefreshTokenGrant) grant).initialRefreshToken();
  }

  /** Whether what the record holds came from the server that is configured now. */
  private boolean isOfThisServer(GrantRecord record) throws InterruptedException {
    ServerIdentity givenBy = record.server().orElse(null);
    return givenBy == null || givenBy.isSameServer(thisServer());
  }

  private ServerIdentity thisServer() throws InterruptedException {
    return ServerIdentity.of(context.endpoint().server());
  }

  private void requireThisServer(GrantRecord record) throws InterruptedException {
    if (!isOfThisServer(record)) {
      throw Failure.builder(
              FailureKind.REFUSED,
              "The refresh token was given by %s and is not sent to %s. Log in there, or configure"
                      .formatted(record.server().orElseThrow(), thisServer())
                  + " the server that gave it.")
          .build()
          .toException();
    }
  }

  private static SourceState.Over over(Reason reason, @Nullable Failure failure) {
    String why =
        reason == Reason.LOST_IN_FLIGHT
            ? "an answer with its successor was lost on the way, and the server takes the old one"
                + " no more"
            : "the server refused it: it was revoked, it ran out, or it was used elsewhere";
    return new SourceState.Over(
        reason,
        "The refresh token is of no use any more: %s. Log in again, or hand in a new one.%s"
            .formatted(why, failure == null ? "" : " " + failure.message()),
        failure);
  }

  // ---- the exchange and the commit

  private Answer ask(TokenRequest request, Duration deadline) throws InterruptedException {
    if (!context.exchanges().tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
      throw busy("too many calls to the authorization server are under way");
    }
    try {
      return context.endpoint().request(request, deadline);
    } finally {
      context.exchanges().release();
    }
  }

  /**
   * Writes what the server answered, before anyone uses it. When less was granted than is required
   * the access token is not kept, but a new refresh token is: the old one may be over.
   *
   * @param parent the refresh token that was sent; null when none was
   * @param keepsRefreshToken whether a refresh token in the answer is for us to use
   */
  private Renewed commit(Answer answer, @Nullable Secret parent, boolean keepsRefreshToken) {
    AccessToken token = answer.tokens().accessToken();
    Duration life = answer.tokens().expiresIn().orElse(null);
    Secret next = keepsRefreshToken ? answer.tokens().refreshToken().orElse(parent) : null;
    RuntimeException storeTrouble = null;
    try {
      update(current -> committed(current, answer, parent, next, keepsRefreshToken));
    } catch (RuntimeException e) {
      storeTrouble = e;
    }
    if (next != null && !next.equals(parent)) {
      handOver(answer);
    }
    if (storeTrouble != null) {
      throw notKept(storeTrouble);
    }
    if (answer.shortfall() != null) {
      throw answer.shortfall().toException();
    }
    return new Renewed(token, life, answer.sentAt(), answer.sentNanos());
  }

  private GrantRecord committed(
      TokenStore.Snapshot current,
      Answer answer,
      @Nullable Secret parent,
      @Nullable Secret next,
      boolean keepsRefreshToken) {
    ServerIdentity server = ServerIdentity.of(answer.server());
    GrantRecord before = current.record();
    GrantRecord.Builder record = before.next();
    boolean isOfOther = before.server().filter(other -> !other.isSameServer(server)).isPresent();
    if (isOfOther) {
      record.newGeneration();
    }
    if (parent == null || !isUnrepeatable() || isStill(parent, before)) {
      Secret old = isOfOther ? null : before.refreshToken().orElse(null);
      Secret kept = keepsRefreshToken ? next : old;
      record.refreshToken(kept, server).alive();
    }
    Duration life = answer.tokens().expiresIn().orElse(null);
    if (answer.shortfall() == null && !Duration.ZERO.equals(life)) {
      Duration age = Duration.ofNanos(context.timing().nanoTime().getAsLong() - answer.sentNanos());
      record.token(
          variant, new StoredToken(answer.tokens().accessToken(), current.now().minus(age), life));
    }
    return record.build();
  }

  /** The server has answered, and a rotated refresh token is spent: trying at once may end it. */
  private OAuthException notKept(RuntimeException thrown) {
    return Failure.builder(
            FailureKind.UNCLEAR,
            "The token store failed (%s) when the tokens of %s were to be kept. Check the store."
                .formatted(thrown.getClass().getName(), grant))
        .build()
        .toException();
  }

  private void handOver(Answer answer) {
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

  private void updateIfStill(Secret sent, UnaryOperator<GrantRecord> change) {
    update(
        current ->
            isStill(sent, current.record()) ? change.apply(current.record()) : current.record());
  }

  /** Writes a change of what is stored, again and again until nobody came in between. */
  private void update(Function<TokenStore.Snapshot, GrantRecord> change) {
    while (true) {
      TokenStore.Snapshot current = context.store().read(key);
      GrantRecord next = change.apply(current);
      if (next == current.record() || context.store().compareAndSet(key, next)) {
        return;
      }
    }
  }

  private static FailureKind kind(OAuthException e) {
    return e.failure().map(Failure::kind).orElse(FailureKind.REFUSED);
  }
}
