package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.server.ProviderProfile;
import java.time.Duration;

/** A login that brought a token which ends, and nothing to renew it with. */
public final class MissingRefreshToken {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.renewal");

  private MissingRefreshToken() {}

  /** Says so in the log, with what to do at this server; says nothing when nothing is missing. */
  public static void report(Grant grant, Answer answer, ProviderProfile profile) {
    Duration life = answer.tokens().expiresIn().orElse(null);
    if (answer.tokens().refreshToken().isPresent() || life == null) {
      return;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "{0}: the login at {1} brought no refresh token, so somebody has to log in again when the"
            + " access token ends, {2} s after it was given. {3}",
        grant,
        answer.server(),
        String.valueOf(life.toSeconds()),
        profile
            .refreshTokenAdvice()
            .orElse("Many servers give one when the scope offline_access is asked for."));
  }
}
