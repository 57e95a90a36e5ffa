package dev.everbearer.server.internal;

import dev.everbearer.jose.Jwks;
import dev.everbearer.jose.Jwks.UnusableKeySetException;
import dev.everbearer.jose.KeySource;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.internal.CachedDocument.Found;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.HttpFailures;
import dev.everbearer.wire.Redirects;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import dev.everbearer.wire.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The key set behind the {@code jwks_uri} of one issuer's metadata, and of no other source. It is
 * kept for as long as the server says, between five minutes and a day. For a JWT that it cannot
 * verify it is asked for again at once, twice, and then once a minute.
 */
public final class JwksCache implements KeySource {

  private static final String NAME = "key set";
  private static final Duration MIN_AGE = Duration.ofMinutes(5);
  private static final int BURST = 2;
  private static final Duration REFETCH_INTERVAL = Duration.ofMinutes(1);

  private record Place(URI uri, CachedDocument<Jwks> document) {}

  private final ServerDirectory directory;
  private final DocumentFetcher fetcher;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final TokenBucket refetches; // guarded by lock
  private @Nullable Place place; // guarded by lock

  /**
   * The keys of the server that a directory knows; nothing is fetched before the first use.
   *
   * @param headers sent with each request
   */
  public JwksCache(
      ServerDirectory directory,
      Transport transport,
      Map<String, String> headers,
      Duration exchangeTimeout,
      LongSupplier nanoTime) {
    this.directory = directory;
    this.fetcher = new DocumentFetcher(transport, headers, exchangeTimeout);
    this.nanoTime = nanoTime;
    this.refetches = new TokenBucket(BURST, REFETCH_INTERVAL, nanoTime);
  }

  @Override
  public Jwks current() throws InterruptedException {
    return document().get();
  }

  @Override
  public Jwks newerThan(Jwks known) throws InterruptedException {
    return document().newerThan(known, this::mayRefetch);
  }

  private boolean mayRefetch() {
    lock.lock();
    try {
      return refetches.tryTake();
    } finally {
      lock.unlock();
    }
  }

  /** The document at the place that the metadata names now. */
  private CachedDocument<Jwks> document() throws InterruptedException {
    URI uri = jwksUri(directory.server());
    lock.lock();
    try {
      Place known = place;
      if (known == null || !known.uri().equals(uri)) {
        // A stale set is replaced before it is used: whoever needs it waits for the fetch.
        known =
            new Place(
                uri,
                new CachedDocument<>(
                    "The key set " + uri, MIN_AGE, last -> fetch(uri), nanoTime, Runnable::run));
        place = known;
      }
      return known.document();
    } finally {
      lock.unlock();
    }
  }

  private static URI jwksUri(AuthorizationServer server) {
    // A string and a URL that may be called, as the reader of the metadata has made sure.
    if (server.metadata().get("jwks_uri") instanceof String uri) {
      return URI.create(uri);
    }
    throw Failure.builder(
            FailureKind.REFUSED,
            server.issuer().isPresent()
                ? "The metadata of %s names no jwks_uri, so no signature of this server can be"
                        .formatted(server)
                    + " checked. Its operator has to publish its keys."
                : "Nothing but the token endpoint of %s is known, so no signature of this server"
                        .formatted(server)
                    + " can be checked. Configure issuer(...) in place of tokenEndpoint(...).")
        .build()
        .toException();
  }

  private Found<Jwks> fetch(URI uri) throws InterruptedException {
    HttpAnswer answer = fetcher.get(NAME, uri);
    Failure trouble = HttpFailures.serverTrouble(NAME, answer);
    if (trouble != null) {
      throw trouble.toException();
    }
    if (answer.status() != 200) {
      throw unusable(answer, "it is not there" + Redirects.told(answer)).toException();
    }
    try {
      Jwks jwks = Jwks.parse(StrictJson.object(answer.body()));
      return new Found<>(jwks, answer.header("cache-control").orElse(null));
    } catch (BrokenJsonException | UnusableKeySetException e) {
      throw unusable(answer, e.getMessage()).toException();
    }
  }

  /** Nothing of ours was sent, so that it is the server's trouble, and passes. */
  private static Failure unusable(HttpAnswer answer, @Nullable String why) {
    return Failure.builder(
            FailureKind.SERVER_TROUBLE,
            "The key set %s answered %d and cannot be used: %s. The server's operator has to mend"
                    .formatted(answer.uri(), answer.status(), why)
                + " this.")
        .endpoint(answer.uri())
        .status(answer.status())
        .build();
  }
}
