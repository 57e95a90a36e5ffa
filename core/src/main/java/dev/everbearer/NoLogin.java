package dev.everbearer;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.renewal.internal.LoginPort;
import dev.everbearer.token.LoginRequiredException;
import java.time.Duration;

/** A client that was given no way to ask a person. */
final class NoLogin implements LoginPort {

  @Override
  public TokenEndpoint.Answer login(Grant grant) {
    throw new LoginRequiredException(
        LoginRequiredException.Reason.REFUSED,
        "A person has to log in for " + grant + ", and this client has no way to ask one.",
        null);
  }

  @Override
  public boolean canLogin(Grant grant) {
    return false;
  }

  @Override
  public Duration longest() {
    return Duration.ZERO;
  }
}
