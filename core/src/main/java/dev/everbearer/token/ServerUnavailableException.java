package dev.everbearer.token;

/**
 * The authorization server could not be reached, could not be trusted, did not answer in time, or
 * answered that it cannot serve now (5xx, 429).
 */
public final class ServerUnavailableException extends OAuthException {

  private static final long serialVersionUID = 1L;

  /** For a failure without an OAuth error code. */
  public ServerUnavailableException(Failure failure) {
    super(failure);
  }
}
