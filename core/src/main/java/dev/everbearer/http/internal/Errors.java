package dev.everbearer.http.internal;

import dev.everbearer.http.OAuthIOException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenTimeoutException;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Translates errors for callers of an HTTP client. */
final class Errors {

  private Errors() {}

  static IOException atSurface(OAuthException error) {
    if (error instanceof TokenTimeoutException) {
      HttpTimeoutException timeout = new HttpTimeoutException(error.getMessage());
      timeout.initCause(error);
      return timeout;
    }
    return new OAuthIOException(error);
  }

  /** An error of a stage, without the wrappings of stages. */
  static Throwable unwrapped(@Nullable Throwable error) {
    Throwable current = error == null ? new IllegalStateException() : error;
    while (current instanceof CompletionException && current.getCause() != null) {
      current = current.getCause();
    }
    return current instanceof OAuthException oauth ? atSurface(oauth) : current;
  }
}
