package dev.everbearer.http;

import dev.everbearer.wire.Urls;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What an HTTP adapter has to do next with a request. */
public sealed interface Decision {

  /**
   * Send the request.
   *
   * @param headers the header fields to set, each in place of any of its name; empty attaches
   *     nothing
   * @param redirect where to, inside the same origin; null for where the request itself goes
   */
  record Send(Map<String, String> headers, @Nullable URI redirect) implements Decision {

    /** Without the credential. */
    @Override
    public String toString() {
      String where = redirect == null ? "" : " to " + Urls.shown(redirect);
      return "Send[" + (headers.isEmpty() ? "bare" : "authorized") + where + "]";
    }
  }

  /**
   * Wait for the stage, then do what it brings. It completes exceptionally with an {@code
   * OAuthException} when no token could be had for a first sending.
   *
   * @param next never another {@code Wait}
   */
  record Wait(CompletionStage<Decision> next) implements Decision {}

  /** Hand the answer over to the caller as it is. */
  record Done() implements Decision {}
}
