package dev.everbearer.server.internal;

import dev.everbearer.token.Failure;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a server publishes for as long as the server says, within limits, asks once for all
 * who need it, and goes on with a stale copy, for a day at most, while it asks again or when that
 * fails.
 */
final class CachedDocument<T> {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.server");
  private static final Pattern MAX_AGE = Pattern.compile("(?i)(?:^|[,\\s])max-age=(\\d{1,9})");
  private static final Duration DEFAULT_AGE = Duration.ofHours(1);
  private static final Duration MAX_KEPT = Duration.ofHours(24);

  /** A document with how long its server lets us keep it. */
  record Found<T>(T value, @Nullable String cacheControl) {}

  /** Asks the server. */
  @FunctionalInterface
  interface Fetch<T> {

    /**
     * Fetches the document.
     *
     * @param last the copy that is to be replaced; null when there is none
     */
    Found<T> fetch(@Nullable T last) throws InterruptedException;
  }

  private record Copy<T>(T value, long fetchedAt, long staleAt) {}

  private final String name;
  private final Duration minAge;
  private final Fetch<T> fetch;
  private final LongSupplier nanoTime;
  private final Executor background;
  private final AtomicBoolean isRefetching = new AtomicBoolean();
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Copy<T> copy;

  /** Tells those who waited for a fetch that they need not make their own. */
  private final AtomicInteger fetches = new AtomicInteger();

  private @Nullable Failure lastFailure; // guarded by fetching

  /**
   * A document that is fetched when it is first needed.
   *
   * @param name for the log, at the beginning of a sentence
   * @param minAge how long it is kept at least
   * @param background runs fetches that replace a stale copy
   */
  CachedDocument(
      String name, Duration minAge, Fetch<T> fetch, LongSupplier nanoTime, Executor background) {
    this.name = name;
    this.minAge = minAge;
    this.fetch = fetch;
    this.nanoTime = nanoTime;
    this.background = background;
  }

  /** The document, which may be stale while it is fetched again. */
  T get() throws InterruptedException {
    Copy<T> current = copy;
    if (current == null || !isUsable(current)) {
      return await();
    }
    if (!isFresh(current)) {
      refetch();
      current = copy;
    }
    return current == null ? await() : current.value();
  }

  /**
   * The document after one more fetch, unless it was replaced already since somebody saw this copy.
   *
   * @param permit asked before the fetch; without it, and when the fetch fails, the known copy
   *     remains
   */
  T newerThan(T known, BooleanSupplier permit) throws InterruptedException {
    fetching.lockInterruptibly();
    try {
      Copy<T> last = copy;
      if (last != null && last.value() == known && permit.getAsBoolean()) {
        return fetchOrKeep(last);
      }
      return last == null ? known : last.value();
    } finally {
      fetching.unlock();
    }
  }

  private T await() throws InterruptedException {
    int seen = fetches.get();
    fetching.lockInterruptibly();
    try {
      Copy<T> current = copy;
      if (current != null && isUsable(current)) {
        return current.value();
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

  private boolean isFresh(Copy<T> candidate) {
    return candidate.staleAt() - nanoTime.getAsLong() > 0;
  }

  private boolean isUsable(Copy<T> candidate) {
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
      LOG.log(System.Logger.Level.WARNING, name + " cannot be fetched again: no thread.", e);
    }
  }

  private void replaceStaleCopy() {
    try {
      fetching.lockInterruptibly();
      try {
        Copy<T> last = copy;
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

  private T fetchOrKeep(Copy<T> last) throws InterruptedException {
    try {
      return fetch(last);
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} could not be fetched again, so the last good copy is used: {1}",
          name,
          e.getMessage());
      long again = nanoTime.getAsLong() + minAge.toNanos();
      copy = new Copy<>(last.value(), last.fetchedAt(), again);
      return last.value();
    }
  }

  private T fetch(@Nullable Copy<T> last) throws InterruptedException {
    long now = nanoTime.getAsLong();
    lastFailure = null;
    try {
      Found<T> found = fetch.fetch(last == null ? null : last.value());
      copy = new Copy<>(found.value(), now, now + age(found.cacheControl()).toNanos());
      return found.value();
    } catch (OAuthException e) {
      lastFailure = e.failure().orElse(null);
      throw e;
    } finally {
      fetches.incrementAndGet();
    }
  }

  private Duration age(@Nullable String cacheControl) {
    Matcher maxAge = MAX_AGE.matcher(cacheControl == null ? "" : cacheControl);
    Duration age =
        maxAge.find() ? Duration.ofSeconds(Long.parseLong(maxAge.group(1))) : DEFAULT_AGE;
    if (age.compareTo(minAge) < 0) {
      return minAge;
    }
    return age.compareTo(MAX_KEPT) > 0 ? MAX_KEPT : age;
  }
}
