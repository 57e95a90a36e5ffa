package dev.everbearer.token;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The caller's deadline came before a token did. The renewal goes on for others; {@link #failure()}
 * is the last attempt's, if one ended.
 */
public final class TokenTimeoutException extends OAuthException {

  private static final long serialVersionUID = 1L;

  private final int attempts;

  private TokenTimeoutException(String message, int attempts, @Nullable Failure lastFailure) {
    super(message, lastFailure, lastFailure == null ? null : lastFailure.cause().orElse(null));
    this.attempts = attempts;
  }

  /**
   * The error for one caller.
   *
   * @param waited how long the caller was ready to wait
   * @param attempts how many attempts failed in a row so far
   * @param lastFailure the last one's; null when the first attempt is still under way
   */
  public static TokenTimeoutException after(
      Duration waited, int attempts, @Nullable Failure lastFailure) {
    String what = "No access token within " + waited.toMillis() + " ms";
    String why =
        lastFailure == null
            ? ": the authorization server has not answered so far. Check that it is up, or allow a"
                + " longer wait."
            : ": %d attempt%s failed, the last one so: %s"
                .formatted(attempts, attempts == 1 ? "" : "s", lastFailure.message());
    return new TokenTimeoutException(what + why, attempts, lastFailure);
  }

  /** The error for a caller whose thread was interrupted while it waited. */
  public static TokenTimeoutException interrupted() {
    return new TokenTimeoutException(
        "The thread was interrupted while it waited for an access token.", 0, null);
  }

  /** How many attempts failed in a row before the deadline came. */
  public int attempts() {
    return attempts;
  }
}
