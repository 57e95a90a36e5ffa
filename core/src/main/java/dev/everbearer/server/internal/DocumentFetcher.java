package dev.everbearer.server.internal;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.HttpFailures;
import dev.everbearer.wire.Transport;
import dev.everbearer.wire.TransportException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Gets what a server publishes: one GET, without credentials, of 512 KiB at most. */
final class DocumentFetcher {

  private static final int MAX_BODY = 512 * 1024;

  private final Transport transport;
  private final Map<String, String> headers;
  private final Duration exchangeTimeout;

  DocumentFetcher(Transport transport, Map<String, String> headers, Duration exchangeTimeout) {
    this.transport = transport;
    this.headers = Map.copyOf(headers);
    this.exchangeTimeout = exchangeTimeout;
  }

  /**
   * The answer, whatever its status below 500.
   *
   * @param name what is asked, such as {@code metadata endpoint}
   * @throws dev.everbearer.token.OAuthException when none came, or the server is in trouble
   */
  HttpAnswer get(String name, URI uri) throws InterruptedException {
    try {
      HttpAnswer answer =
          transport.exchange(
              new Transport.Call(uri, headers, null, MAX_BODY, exchangeTimeout, false, null));
      Failure trouble = HttpFailures.serverTrouble(name, answer);
      if (trouble != null && answer.status() >= 500) {
        throw trouble.toException();
      }
      if (answer.status() == HttpFailures.PROXY_ASKS) {
        throw Failure.builder(
                FailureKind.NOT_CONNECTED,
                "The %s %s was not reached (407). %s"
                    .formatted(name, answer.uri(), HttpFailures.PROXY_ADVICE))
            .endpoint(answer.uri())
            .status(answer.status())
            .build()
            .toException();
      }
      return answer;
    } catch (TransportException e) {
      throw HttpFailures.ofReading(name, uri, e).toException();
    }
  }
}
