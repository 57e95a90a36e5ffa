package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.renewal.internal.Renewer.GrantOverException;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.token.LoginRequiredException.Reason;

/** Grants of users whose login the program makes itself: by the refresh token in the store. */
final class ConnectedWay implements GrantRenewer.Way {

  private final Grant grant;
  private final RefreshWay refresh;

  ConnectedWay(Grant grant, RefreshWay refresh) {
    this.grant = grant;
    this.refresh = refresh;
  }

  @Override
  public Renewer.Renewed renew(Seen seen, Renewer.Task task)
      throws GrantOverException, Renewer.TooEarlyException, InterruptedException {
    GrantRecord record = seen.record();
    if (record.dead().isEmpty() && record.refreshToken().isEmpty()) {
      throw new GrantOverException(
          new SourceState.Over(Reason.REFUSED, whyNot(record), null, false));
    }
    return refresh.renew(seen, task);
  }

  private String whyNot(GrantRecord record) {
    String what =
        record.version() == 0
            ? "Nobody was connected as %s: the store has no grant of theirs."
            : "The login of %s brought no refresh token, and its access token is of no use any"
                + " more.";
    return (what + " Have the user log in, and tell the client by connect(\"%s\", tokens).")
        .formatted(grant.subject(), grant.subject());
  }
}
