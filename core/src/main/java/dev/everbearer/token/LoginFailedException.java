package dev.everbearer.token;

import java.util.Optional;

/**
 * A login by a person came to nothing: the person or the server declined, the time was over, the
 * answer was not the one that was waited for, or it brought no tokens. Nobody is asked again by
 * itself.
 */
public final class LoginFailedException extends OAuthException {

  private static final long serialVersionUID = 1L;

  /** For a failure that is one of a login. */
  public LoginFailedException(Failure failure) {
    super(failure);
  }

  /** The OAuth error code behind it, such as {@code access_denied}; empty when there was none. */
  public Optional<String> error() {
    return failure().flatMap(Failure::error);
  }
}
