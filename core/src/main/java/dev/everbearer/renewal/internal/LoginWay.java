package dev.everbearer.renewal.internal;

import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.renewal.internal.Renewer.GrantOverException;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.OAuthException;

/**
 * Grants of a person: by the refresh token while there is one, and by a login when there is none.
 * When the refresh token ends, the token in hand is used up first, and the next caller without one
 * has the person asked.
 */
final class LoginWay implements GrantRenewer.Way {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private final Grant grant;
  private final ProviderProfile profile;
  private final LoginPort port;
  private final GrantBook book;
  private final RefreshWay refresh;
  private final RefreshedIdToken idToken;
  private final Timing timing;

  LoginWay(
      Grant grant,
      ProviderProfile profile,
      LoginPort port,
      GrantBook book,
      RefreshWay refresh,
      RefreshedIdToken idToken,
      Timing timing) {
    this.grant = grant;
    this.profile = profile;
    this.port = port;
    this.book = book;
    this.refresh = refresh;
    this.idToken = idToken;
    this.timing = timing;
  }

  @Override
  public Renewer.Renewed renew(Seen seen, Renewer.Task task)
      throws GrantOverException, Renewer.TooEarlyException, InterruptedException {
    GrantRecord record = seen.record();
    boolean hasRefreshToken = record.refreshToken().isPresent() && record.dead().isEmpty();
    boolean isForAnotherKey = !book.holdsKeyOf(record) && port.canLogin(grant);
    if (!hasRefreshToken || isForAnotherKey || isByLoginAlone(grant)) {
      return login(record);
    }
    try {
      return refresh.renew(seen, task);
    } catch (GrantOverException e) {
      throw port.canLogin(grant) ? new GrantOverException(e.over().withLoginPossible()) : e;
    }
  }

  /** Where the age of the login counts a refresh is of no help. */
  static boolean isByLoginAlone(Grant grant) {
    return grant instanceof AuthorizationCodeGrant code && code.needsFreshLogin();
  }

  private Renewer.Renewed login(GrantRecord record)
      throws GrantOverException, InterruptedException {
    if (!port.canLogin(grant) && Logout.isLoggedOut(record)) {
      throw new GrantOverException(SourceState.Over.loggedOut(false));
    }
    if (!port.canLogin(grant)) {
      throw new GrantOverException(
          new SourceState.Over(
              Reason.REFUSED,
              "Nobody has logged in for %s, and this client has no way to ask a person. Configure"
                      .formatted(grant)
                  + " login(...), or hand in a refresh token with Grant.refreshToken(...).",
              null,
              false));
    }
    Answer answer;
    try {
      answer = port.login(grant, timing);
    } catch (OAuthException e) {
      throw isFinal(e) ? e : notRepeated(e);
    }
    MissingRefreshToken.report(grant, answer, profile);
    try {
      return book.commit(answer, GrantBook.Origin.login());
    } finally {
      rememberIfKept(answer, record.generation());
    }
  }

  /** What is not in the store is nothing to hold a later answer against. */
  private void rememberIfKept(Answer answer, long before) {
    try {
      long generation = book.read().record().generation();
      if (generation > before) {
        idToken.loggedIn(answer, generation);
      }
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "The store does not tell what it has of {0}.", grant);
    }
  }

  private static boolean isFinal(OAuthException e) {
    return !GrantExchange.kind(e).isTransient();
  }

  /** A person must not be asked again by a machine's retry, so what would pass is final here. */
  private static OAuthException notRepeated(OAuthException e) {
    return Failure.builder(
            FailureKind.REFUSED,
            "The login failed, and nobody is asked again by itself: " + e.getMessage())
        .cause(e)
        .build()
        .toException();
  }
}
