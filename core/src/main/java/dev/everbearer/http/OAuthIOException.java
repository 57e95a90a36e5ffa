package dev.everbearer.http;

import dev.everbearer.token.OAuthException;
import java.io.IOException;

/**
 * An {@link OAuthException} at the surface of an HTTP client, whose methods may throw nothing but
 * {@link IOException}. The cause says what happened.
 */
public final class OAuthIOException extends IOException {

  private static final long serialVersionUID = 1L;

  /** With the message of its cause. */
  public OAuthIOException(OAuthException cause) {
    super(cause.getMessage(), cause);
  }
}
