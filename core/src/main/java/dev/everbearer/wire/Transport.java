package dev.everbearer.wire;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends one request to an authorization server and brings the whole answer, or says why not. */
public interface Transport extends AutoCloseable {

  /**
   * One call.
   *
   * @param method the HTTP method
   * @param uri where to
   * @param headers header fields, each once
   * @param body what it carries; null when nothing
   * @param maxBody the cap on the answer's body, in bytes
   * @param deadline how long the whole exchange may take, body included
   * @param needsFreshConnection whether a pooled connection, which may be dead, must not be used
   * @param certificate the thumbprint of the client certificate that the connection shows; null
   *     shows none
   */
  record Call(
      String method,
      URI uri,
      Map<String, String> headers,
      @Nullable Body body,
      int maxBody,
      Duration deadline,
      boolean needsFreshConnection,
      @Nullable String certificate) {

    /** A POST of a body, or a GET without one. */
    public Call(
        URI uri,
        Map<String, String> headers,
        @Nullable Body body,
        int maxBody,
        Duration deadline,
        boolean needsFreshConnection,
        @Nullable String certificate) {
      this(
          body == null ? "GET" : "POST",
          uri,
          headers,
          body,
          maxBody,
          deadline,
          needsFreshConnection,
          certificate);
    }

    @Override
    public String toString() {
      return method + " " + Urls.shown(uri);
    }
  }

  /**
   * Does the exchange; blocks for at most the call's deadline.
   *
   * @throws TransportException when no whole answer came
   * @throws InterruptedException when the thread was interrupted; the exchange is aborted
   */
  HttpAnswer exchange(Call call) throws TransportException, InterruptedException;

  @Override
  void close();
}
