package dev.everbearer.server.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.Failure;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps discovered metadata for as long as its server says (between a minute and a day), asks once
 * for all who need it, and goes on with a stale copy, for a day at most, while it asks again or
 * when that fails.
 */
public final class CachedDirectory implements ServerDirectory {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.server");
  private static final Pattern MAX_AGE = Pattern.compile("(?i)(?:^|[,\\s])max-age=(\\d{1,9})");
  private static final Duration DEFAULT_AGE = Duration.ofHours(1);
  private static final Duration MIN_AGE = Duration.ofMinutes(1);
  private static final Duration MAX_KEPT = Duration.ofHours(24);

  private record Copy(AuthorizationServer server, long fetchedAt, long staleAt) {}

  private final Discovery discovery;
  private final LongSupplier nanoTime;
  private final Executor background;
  private final AtomicBoolean isRefetching = new AtomicBoolean();
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Copy copy;

  /** Tells those who waited for a fetch that they need not make their own. */
  private final AtomicInteger fetches = new AtomicInteger();

  private @Nullable Failure lastFailure; // guarded by fetching

  /**
   * A directory of one issuer; nothing is fetched before the first use.
   *
   * @param headers sent with each request
   * @param background runs fetches that nobody waits for
   */
  public CachedDirectory(
      String issuer,
      EndpointRules rules,
      Transport transport,
      Map<String, String> headers,
      Duration exchangeTimeout,
      LongSupplier nanoTime,
      Executor background) {
    this.discovery = new Discovery(issuer, rules, transport, headers, exchangeTimeout);
    this.nanoTime = nanoTime;
    this.background = background;
  }

  @Override
  public AuthorizationServer server() throws InterruptedException {
    Copy current = copy;
    if (current != null && isUsable(current)) {
      if (!isFresh(current)) {
        refetch();
      }
      return current.server();
    }
    return awaitServer();
  }

  private AuthorizationServer awaitServer() throws InterruptedException {
    int seen = fetches.get();
    fetching.lockInterruptibly();
    try {
      Copy current = copy;
      if (current != null && isUsable(current)) {
        return current.server();
      }
      Failure failed = lastFailure;
      if (seen != fetches.get() && failed != null) {
        throw failed.toException();
      }
      return fetch(current);
    } finally {
      fetching.unlock();
    }
  }

  private boolean isFresh(Copy candidate) {
    return candidate.staleAt() - nanoTime.getAsLong() > 0;
  }

  private boolean isUsable(Copy candidate) {
    return nanoTime.getAsLong() - candidate.fetchedAt() < MAX_KEPT.toNanos();
  }

  /** Replaces a stale copy while it goes on being used; one fetch at a time. */
  private void refetch() {
    if (!isRefetching.compareAndSet(false, true)) {
      return;
    }
    try {
      background.execute(this::replaceStaleCopy);
    } catch (RuntimeException | Error e) {
      isRefetching.set(false);
      LOG.log(System.Logger.Level.WARNING, "Metadata cannot be fetched again: no thread.", e);
    }
  }

  private void replaceStaleCopy() {
    try {
      fetching.lockInterruptibly();
      try {
        Copy last = copy;
        if (last != null && !isFresh(last)) {
          fetchOrKeep(last);
        }
      } finally {
        fetching.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      isRefetching.set(false);
    }
  }

  private void fetchOrKeep(Copy last) throws InterruptedException {
    try {
      fetch(last);
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The metadata of {0} could not be fetched again, so the last good copy is used: {1}",
          last.server(),
          e.getMessage());
      long again = nanoTime.getAsLong() + MIN_AGE.toNanos();
      copy = new Copy(last.server(), last.fetchedAt(), again);
    }
  }

  private AuthorizationServer fetch(@Nullable Copy last) throws InterruptedException {
    long now = nanoTime.getAsLong();
    lastFailure = null;
    try {
      Discovery.Found found = discovery.find();
      if (last != null) {
        MetadataAudit.report(last.server(), found.server());
      }
      copy = new Copy(found.server(), now, now + age(found.cacheControl()).toNanos());
      return found.server();
    } catch (OAuthException e) {
      lastFailure = e.failure().orElse(null);
      throw e;
    } finally {
      fetches.incrementAndGet();
    }
  }

  private static Duration age(@Nullable String cacheControl) {
    Matcher maxAge = MAX_AGE.matcher(cacheControl == null ? "" : cacheControl);
    Duration age =
        maxAge.find() ? Duration.ofSeconds(Long.parseLong(maxAge.group(1))) : DEFAULT_AGE;
    if (age.compareTo(MIN_AGE) < 0) {
      return MIN_AGE;
    }
    return age.compareTo(MAX_KEPT) > 0 ? MAX_KEPT : age;
  }
}
