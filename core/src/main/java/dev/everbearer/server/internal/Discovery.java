package dev.everbearer.server.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.internal.MetadataReader.UnusableMetadataException;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.HttpFailures;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import dev.everbearer.wire.Transport;
import dev.everbearer.wire.TransportException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds a server's metadata by its issuer (RFC 8414 section 3, OpenID Connect Discovery section 4).
 * A candidate that is simply not there leads to the next one; a server in trouble, or a document of
 * another issuer, ends the search.
 */
final class Discovery {

  private static final String NAME = "metadata endpoint";
  private static final int MAX_BODY = 512 * 1024;

  /** A document with how long its server lets us keep it. */
  record Found(AuthorizationServer server, @Nullable String cacheControl) {}

  private final String issuer;
  private final MetadataReader reader;
  private final Transport transport;
  private final Map<String, String> headers;
  private final Duration exchangeTimeout;

  Discovery(
      String issuer,
      EndpointRules rules,
      Transport transport,
      Map<String, String> headers,
      Duration exchangeTimeout) {
    this.issuer = issuer;
    this.reader = new MetadataReader(issuer, rules);
    this.transport = transport;
    this.headers = Map.copyOf(headers);
    this.exchangeTimeout = exchangeTimeout;
  }

  /** Throws an {@code OAuthException} when no usable document is found. */
  Found find() throws InterruptedException {
    List<String> misses = new ArrayList<>();
    Failure busy = null;
    for (URI candidate : MetadataLocations.of(issuer)) {
      HttpAnswer answer = get(candidate);
      try {
        return accept(document(answer), answer);
      } catch (MissingException e) {
        misses.add(candidate + ": " + e.getMessage());
        Failure trouble = HttpFailures.serverTrouble(NAME, answer);
        busy = trouble == null ? busy : trouble;
      }
    }
    if (busy != null) {
      // A 429 or 408 may hide the document: that passes, where "not found" would not.
      throw busy.toException();
    }
    throw Failure.builder(
            FailureKind.REFUSED,
            "No metadata was found for the issuer %s. Tried %s. Check the issuer, or give the token"
                    .formatted(issuer, String.join("; ", misses))
                + " endpoint instead.")
        .endpoint(URI.create(issuer))
        .build()
        .toException();
  }

  private HttpAnswer get(URI candidate) throws InterruptedException {
    try {
      HttpAnswer answer =
          transport.exchange(
              new Transport.Call(candidate, headers, null, MAX_BODY, exchangeTimeout, false));
      Failure trouble = HttpFailures.serverTrouble(NAME, answer);
      if (trouble != null && answer.status() >= 500) {
        throw trouble.toException();
      }
      return answer;
    } catch (TransportException e) {
      throw HttpFailures.ofReading(NAME, candidate, e).toException();
    }
  }

  /** An answer that is not a metadata document at all, and why. */
  private static final class MissingException extends Exception {

    private static final long serialVersionUID = 1L;

    MissingException(String why) {
      super(why, null, false, false);
    }
  }

  private static Map<String, Object> document(HttpAnswer answer) throws MissingException {
    if (answer.status() != 200) {
      throw new MissingException("status " + answer.status());
    }
    String mediaType = answer.mediaType();
    if (!mediaType.equals("application/json") && !mediaType.endsWith("+json")) {
      throw new MissingException("a page that is not JSON");
    }
    try {
      return StrictJson.object(answer.body());
    } catch (BrokenJsonException e) {
      throw new MissingException("a broken document, " + e.getMessage());
    }
  }

  private Found accept(Map<String, Object> document, HttpAnswer answer) {
    try {
      return new Found(reader.read(document), answer.header("cache-control").orElse(null));
    } catch (UnusableMetadataException e) {
      throw Failure.builder(
              FailureKind.REFUSED,
              "The metadata document %s cannot be used for the issuer %s: %s."
                  .formatted(answer.uri(), issuer, e.getMessage()))
          .endpoint(answer.uri())
          .status(answer.status())
          .build()
          .toException();
    }
  }
}
