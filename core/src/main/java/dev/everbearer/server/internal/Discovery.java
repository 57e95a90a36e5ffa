package dev.everbearer.server.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ExpectedIssuer;
import dev.everbearer.server.internal.CachedDocument.Found;
import dev.everbearer.server.internal.MetadataReader.UnusableMetadataException;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.HttpFailures;
import dev.everbearer.wire.Redirects;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.net.URI;
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

  private final String issuer;
  private final MetadataReader reader;
  private final DocumentFetcher fetcher;

  Discovery(
      String issuer,
      @Nullable ExpectedIssuer expected,
      EndpointRules rules,
      DocumentFetcher fetcher) {
    this.issuer = issuer;
    this.reader = new MetadataReader(issuer, expected, rules);
    this.fetcher = fetcher;
  }

  /** Throws an {@code OAuthException} when no usable document is found. */
  Found<AuthorizationServer> find() throws InterruptedException {
    List<String> misses = new ArrayList<>();
    Failure busy = null;
    for (URI candidate : MetadataLocations.of(issuer)) {
      HttpAnswer answer = fetcher.get(NAME, candidate);
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

  /** An answer that is not a metadata document at all, and why. */
  private static final class MissingException extends Exception {

    private static final long serialVersionUID = 1L;

    MissingException(String why) {
      super(why, null, false, false);
    }
  }

  private static Map<String, Object> document(HttpAnswer answer) throws MissingException {
    if (answer.status() != 200) {
      throw new MissingException("status " + answer.status() + Redirects.told(answer));
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

  private Found<AuthorizationServer> accept(Map<String, Object> document, HttpAnswer answer) {
    try {
      return new Found<>(reader.read(document), answer.header("cache-control").orElse(null));
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
