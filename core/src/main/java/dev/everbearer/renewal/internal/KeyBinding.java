package dev.everbearer.renewal.internal;

import dev.everbearer.client.internal.DpopSender;
import dev.everbearer.grant.Grant;
import dev.everbearer.renewal.internal.Renewer.GrantOverException;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.wire.Untrusted;
import org.jspecify.annotations.Nullable;

/**
 * Which stored tokens the client can use with the key that it holds, if any (RFC 9449 section 5).
 */
record KeyBinding(@Nullable DpopSender sender) {

  /** The thumbprint of the key that new tokens are to be bound to; null when to none. */
  @Nullable String thumbprint() {
    return sender == null ? null : sender.thumbprint();
  }

  /** A stored access token that this client can send, its key at hand; null when it cannot. */
  @Nullable AccessToken usable(AccessToken stored) {
    if (!stored.needsProof()) {
      return sender != null && sender.isRequired() ? null : stored;
    }
    return sender != null && isOurs(stored.keyThumbprint().orElse(null))
        ? stored.withKey(sender)
        : null;
  }

  /**
   * Refuses to send a refresh token that is bound to another key. The record is left as it is, for
   * whoever holds that key.
   */
  void requireOurs(Grant grant, GrantRecord stored) throws GrantOverException {
    if (holdsKeyOf(stored)) {
      return;
    }
    String bound = stored.refreshTokenKey().orElse("");
    throw new GrantOverException(
        new SourceState.Over(
            Reason.KEY_NOT_HELD,
            "The refresh token of %s is bound to the DPoP key %s, and this client holds %s: the"
                    .formatted(
                        grant,
                        Untrusted.printable(bound, 100),
                        sender == null ? "no key" : "the key " + sender.thumbprint())
                + " server would refuse it. Give dpop(...) the key that it was obtained with, or"
                + " log in again.",
            null,
            false));
  }

  boolean holdsKeyOf(GrantRecord stored) {
    return stored.refreshTokenKey().map(this::isOurs).orElse(true);
  }

  private boolean isOurs(@Nullable String bound) {
    return sender != null && sender.thumbprint().equals(bound);
  }
}
