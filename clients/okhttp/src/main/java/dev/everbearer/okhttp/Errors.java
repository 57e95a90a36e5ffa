package dev.everbearer.okhttp;

import dev.everbearer.http.OAuthIOException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenTimeoutException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Translates errors for callers of OkHttp, which are told of nothing but {@link IOException}. */
final class Errors {

  private Errors() {}

  static IOException atSurface(@Nullable Throwable error) {
    Throwable cause = unwrapped(error);
    if (cause instanceof TokenTimeoutException) {
      SocketTimeoutException timeout = new SocketTimeoutException(cause.getMessage());
      timeout.initCause(cause);
      return timeout;
    }
    if (cause instanceof OAuthException oauth) {
      return new OAuthIOException(oauth);
    }
    return cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
  }

  private static Throwable unwrapped(@Nullable Throwable error) {
    Throwable current = error == null ? new IllegalStateException() : error;
    while (current instanceof CompletionException && current.getCause() != null) {
      current = current.getCause();
    }
    return current;
  }
}
