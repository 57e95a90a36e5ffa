package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.RevocationEndpoint;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/**
 * Revokes what came for a grant after its logout, in the background, once. What the server is not
 * told of stays noted, and goes with the next revocation. Thread-safe.
 */
public final class LateRevoker {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private final RevocationEndpoint endpoint;
  private final ServerCalls calls;
  private final Duration patience;

  /**
   * By one server's endpoint.
   *
   * @param patience for all tokens of a grant together
   */
  public LateRevoker(RevocationEndpoint endpoint, ServerCalls calls, Duration patience) {
    this.endpoint = endpoint;
    this.calls = calls;
    this.patience = patience;
  }

  void begin(Grant grant, GrantContext context) {
    try {
      context.timing().worker().execute(() -> revoke(grant, context));
    } catch (RejectedExecutionException e) {
      reportNotTold(grant, "the client is closed");
    }
  }

  private void revoke(Grant grant, GrantContext context) {
    try {
      new GrantRevoker(grant, context, endpoint, calls).revoke(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      reportNotTold(grant, GrantBook.shown(e));
    }
  }

  private static void reportNotTold(Grant grant, String why) {
    LOG.log(
        System.Logger.Level.WARNING,
        "Tokens came for {0} after its logout; they are used by nobody, and the server could not be"
            + " told: {1} The next revoke(...) tells it.",
        grant,
        why);
  }
}
