package dev.everbearer.server.internal;

import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of the resource behind one URL, kept for as long as its server says, between a
 * minute and a day. A challenge that names another place makes it be read from there.
 */
public final class CachedResource {

  private static final Duration MIN_AGE = Duration.ofMinutes(1);
  private static final int BURST = 3;
  private static final Duration MOVE_INTERVAL = Duration.ofMinutes(1);

  private record Place(@Nullable URI named, CachedDocument<ResourceMetadata> document) {}

  private final String name;
  private final ResourceDiscovery discovery;
  private final LongSupplier nanoTime;
  private final Executor background;
  private final ReentrantLock lock = new ReentrantLock();
  private final TokenBucket moves; // guarded by lock
  private Place place; // guarded by lock

  /**
   * How a resource is looked for.
   *
   * @param allowsPrefix whether the document of a resource that covers the URL counts as well
   * @param allowedHosts hosts, in lower case, that may hold the metadata beside the URL's origin
   */
  public record Rules(boolean allowsPrefix, Set<String> allowedHosts, EndpointRules endpoints) {}

  /**
   * The resource behind a URL; nothing is fetched before the first use.
   *
   * @param headers sent with each request
   * @param background runs fetches that nobody waits for
   */
  public CachedResource(
      URI url,
      Rules rules,
      Transport transport,
      Map<String, String> headers,
      Duration exchangeTimeout,
      LongSupplier nanoTime,
      Executor background) {
    this.name = "The resource metadata of " + url.getScheme() + "://" + url.getRawAuthority();
    this.discovery =
        new ResourceDiscovery(
            url,
            rules.allowsPrefix(),
            rules.allowedHosts(),
            rules.endpoints(),
            new DocumentFetcher(transport, headers, exchangeTimeout));
    this.nanoTime = nanoTime;
    this.background = background;
    this.moves = new TokenBucket(BURST, MOVE_INTERVAL, nanoTime);
    this.place = at(null);
  }

  private Place at(@Nullable URI named) {
    return new Place(
        named,
        new CachedDocument<>(name, MIN_AGE, last -> discovery.find(named), nanoTime, background));
  }

  /** The metadata as known, or after asking for them. */
  public ResourceMetadata get() throws InterruptedException {
    return document().get();
  }

  private CachedDocument<ResourceMetadata> document() {
    lock.lock();
    try {
      return place.document();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells where a challenge says that the metadata are. Another place than before is read at the
   * next use, and before anything that was known is used again; at most a few times a minute.
   */
  public void named(URI metadataUrl) {
    lock.lock();
    try {
      if (!Objects.equals(place.named(), metadataUrl) && moves.tryTake()) {
        place = at(metadataUrl);
      }
    } finally {
      lock.unlock();
    }
  }
}
