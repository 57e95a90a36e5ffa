package dev.everbearer.renewal.internal;

import dev.everbearer.client.ClientCertificate;
import dev.everbearer.client.internal.DpopSender;
import dev.everbearer.grant.Grant;
import dev.everbearer.renewal.internal.Renewer.GrantOverException;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.wire.Untrusted;
import org.jspecify.annotations.Nullable;

/**
 * Which stored tokens the client can use with the key or the certificate that it holds, if any (RFC
 * 9449 section 5, RFC 8705 section 4).
 *
 * @param sender the DPoP key; null when there is none
 * @param certificate shown inside TLS, which tokens may be bound to; null when there is none
 */
public record KeyBinding(@Nullable DpopSender sender, @Nullable ClientCertificate certificate) {

  /** The thumbprint of what new tokens are to be bound to, now; null when to nothing. */
  @Nullable String thumbprint() {
    if (sender != null) {
      return sender.thumbprint();
    }
    return certificate == null ? null : certificate.thumbprint();
  }

  /** A stored access token that this client can send, its key at hand; null when it cannot. */
  @Nullable AccessToken usable(AccessToken stored) {
    if (!stored.needsProof()) {
      return sender != null && sender.isRequired() ? null : stored;
    }
    String bound = stored.keyThumbprint().orElse(null);
    return sender != null && sender.thumbprint().equals(bound) ? stored.withKey(sender) : null;
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
            "The refresh token of %s is bound to the %s %s, and this client holds %s: the"
                    .formatted(grant, kind(), Untrusted.printable(bound, 100), held())
                + " server would refuse it. Give %s the one that it was obtained with, or"
                    .formatted(sender == null && certificate != null ? "the client" : "dpop(...)")
                + " log in again.",
            null,
            false));
  }

  boolean holdsKeyOf(GrantRecord stored) {
    return stored.refreshTokenKey().map(this::isOurs).orElse(true);
  }

  private boolean isOurs(String bound) {
    return bound.equals(thumbprint())
        || (certificate != null && bound.equals(certificate.thumbprint()));
  }

  private String kind() {
    return sender == null && certificate != null ? "client certificate" : "DPoP key";
  }

  private String held() {
    String ours = thumbprint();
    return ours == null ? "no key" : "the " + kind() + " " + ours;
  }
}
