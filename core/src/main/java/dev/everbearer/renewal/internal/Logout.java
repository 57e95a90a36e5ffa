package dev.everbearer.renewal.internal;

import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.PendingRevocation;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.Spare;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.TokenStore;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.Secret;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a logout makes of a grant's record: all tokens go out of use, and those that may still live
 * at the server are noted, to be revoked.
 */
final class Logout {

  private Logout() {}

  static boolean isLoggedOut(GrantRecord record) {
    return record.dead().filter(Reason.LOGGED_OUT::equals).isPresent();
  }

  /**
   * The record without a usable token.
   *
   * @param refreshToken the one in use; null when there is none
   * @param isOver whether only a login brings the next token
   */
  static GrantRecord withdrawn(
      TokenStore.Snapshot current, @Nullable Secret refreshToken, boolean isOver) {
    GrantRecord before = current.record();
    ServerIdentity server = before.server().orElse(null);
    List<PendingRevocation> pending = new ArrayList<>(before.toRevoke());
    if (refreshToken != null) {
      pending.add(refresh(refreshToken, server));
    }
    Spare spare = before.rotation().spare();
    if (spare != null) {
      pending.add(refresh(spare.token(), server));
    }
    before.tokens().values().stream()
        .filter(stored -> mayLive(stored, current))
        .forEach(stored -> pending.add(access(stored.token(), server)));
    GrantRecord.Builder next =
        before.next().newGeneration().refreshToken(null, server).toRevoke(ordered(pending));
    return isOver ? next.dead(Reason.LOGGED_OUT).build() : next.build();
  }

  private static boolean mayLive(StoredToken stored, TokenStore.Snapshot current) {
    return stored.life() == null || stored.obtainedAt().plus(stored.life()).isAfter(current.now());
  }

  /**
   * A renewal ended after a logout, and the tokens that it brought belong to nobody; or after a new
   * login, and then they are left to end.
   *
   * @param sent the refresh token that was sent
   */
  static GrantRecord outrun(GrantRecord current, Answer answer, @Nullable Secret sent) {
    if (!isLoggedOut(current)) {
      return current;
    }
    ServerIdentity server = ServerIdentity.of(answer.server());
    List<PendingRevocation> pending = new ArrayList<>(current.toRevoke());
    answer
        .tokens()
        .refreshToken()
        .filter(next -> !next.equals(sent))
        .ifPresent(next -> pending.add(refresh(next, server)));
    pending.add(access(answer.tokens().accessToken(), server));
    return current.next().toRevoke(ordered(pending)).build();
  }

  /**
   * The same, for an answer as the outbox keeps it.
   *
   * @param entry generation, tokens and parent of the answer
   */
  static GrantRecord outrun(GrantRecord current, GrantRecord entry) {
    ServerIdentity server = entry.server().orElse(null);
    List<PendingRevocation> pending = new ArrayList<>(current.toRevoke());
    entry
        .refreshToken()
        .filter(next -> !Fingerprint.of(next).equals(entry.rotation().parent()))
        .ifPresent(next -> pending.add(refresh(next, server)));
    entry.tokens().values().forEach(each -> pending.add(access(each.token(), server)));
    return current.next().toRevoke(ordered(pending)).build();
  }

  static GrantRecord told(GrantRecord current, PendingRevocation done) {
    List<PendingRevocation> left = new ArrayList<>(current.toRevoke());
    return left.remove(done) ? current.next().toRevoke(left).build() : current;
  }

  private static PendingRevocation refresh(Secret token, @Nullable ServerIdentity server) {
    return new PendingRevocation(token, PendingRevocation.REFRESH_TOKEN, server);
  }

  private static PendingRevocation access(AccessToken token, @Nullable ServerIdentity server) {
    return new PendingRevocation(Secret.of(token.value()), PendingRevocation.ACCESS_TOKEN, server);
  }

  /** Refresh tokens first: what they may still bring is worth more. */
  private static List<PendingRevocation> ordered(List<PendingRevocation> pending) {
    List<PendingRevocation> ordered = new ArrayList<>(new LinkedHashSet<>(pending));
    ordered.sort(
        (one, other) ->
            Boolean.compare(
                other.typeHint().equals(PendingRevocation.REFRESH_TOKEN),
                one.typeHint().equals(PendingRevocation.REFRESH_TOKEN)));
    return ordered;
  }
}
