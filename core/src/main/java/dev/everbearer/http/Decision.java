package dev.everbearer.http;

import dev.everbearer.wire.Urls;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What an HTTP adapter has to do next with a request. */
public sealed interface Decision {

  /**
   * Send the request.
   *
   * @param uri where to
   * @param headers the header fields to set, each in place of any of its name; empty attaches
   *     nothing
   */
  record Send(URI uri, Map<String, String> headers) implements Decision {

    /** Without the credential. */
    @Override
    public String toString() {
      return "Send[" + Urls.shown(uri) + (headers.isEmpty() ? ", bare]" : ", authorized]");
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
