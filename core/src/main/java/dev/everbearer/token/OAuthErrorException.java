package dev.everbearer.token;

/** The authorization server answered with an OAuth error (RFC 6749 section 5.2). */
public final class OAuthErrorException extends OAuthException {

  private static final long serialVersionUID = 1L;

  /** For a failure that holds an error code. */
  public OAuthErrorException(Failure failure) {
    super(failure);
  }

  /** The code, such as {@code invalid_client}; unregistered codes are handed on as they are. */
  public String error() {
    return failure().flatMap(Failure::error).orElse("unknown");
  }
}
