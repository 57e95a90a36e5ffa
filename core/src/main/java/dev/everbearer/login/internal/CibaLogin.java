package dev.everbearer.login.internal;

import dev.everbearer.grant.CibaGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.BackchannelAuthentication;
import dev.everbearer.protocol.PendingLogin;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.renewal.internal.LoginPort;
import dev.everbearer.renewal.internal.Timing;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Has the server ask a person on a device of theirs (OpenID Connect CIBA Core). Every failure is
 * final. Thread-safe.
 */
final class CibaLogin implements LoginPort {

  private final BackchannelAuthentication endpoint;
  private final RemoteLogins logins;
  private final @Nullable Pings pings;

  /**
   * Logins of a client.
   *
   * @param pings takes the server's notifications; null when it gives none
   */
  CibaLogin(BackchannelAuthentication endpoint, RemoteLogins logins, @Nullable Pings pings) {
    this.endpoint = endpoint;
    this.logins = logins;
    this.pings = pings;
  }

  @Override
  public boolean canLogin(Grant grant) {
    return grant instanceof CibaGrant;
  }

  @Override
  public Duration longest(Grant grant) {
    return RemoteLogins.LONGEST;
  }

  @Override
  public Answer login(Grant grant, Timing timing) throws InterruptedException {
    if (!(grant instanceof CibaGrant ciba)) {
      throw new IllegalArgumentException("Not for a login by CIBA: " + grant);
    }
    if (pings == null) {
      PendingLogin pending = logins.begin(left -> endpoint.request(ciba, null, left), timing);
      return logins.finish(ciba, pending, question(ciba, pending), timing, poller -> {});
    }
    try (Pings.Expected ping = pings.expect()) {
      PendingLogin pending =
          logins.begin(left -> endpoint.request(ciba, ping.token(), left), timing);
      return logins.finish(
          ciba,
          pending,
          question(ciba, pending),
          timing,
          poller -> ping.isFor(pending.code(), poller));
    }
  }

  @Override
  public void close() {
    logins.close();
  }

  private static TokenRequest question(CibaGrant grant, PendingLogin pending) {
    return TokenRequest.ciba(grant, pending.code());
  }
}
