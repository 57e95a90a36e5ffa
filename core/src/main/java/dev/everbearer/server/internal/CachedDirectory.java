package dev.everbearer.server.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps discovered metadata for as long as its server says (between a minute and a day), asks once
 * for all who need it, and goes on with the last good copy for a day when asking fails.
 */
public final class CachedDirectory implements ServerDirectory {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.server");
  private static final Pattern MAX_AGE = Pattern.compile("(?:^|[,\\s])max-age=(\\d{1,9})");
  private static final Duration DEFAULT_AGE = Duration.ofHours(1);
  private static final Duration MIN_AGE = Duration.ofMinutes(1);
  private static final Duration MAX_KEPT = Duration.ofHours(24);

  private record Copy(AuthorizationServer server, long fetchedAt, long staleAt) {}

  private final Discovery discovery;
  private final LongSupplier nanoTime;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Copy copy;

  /**
   * A directory of one issuer; nothing is fetched before the first use.
   *
   * @param headers sent with each request
   */
  public CachedDirectory(
      String issuer,
      EndpointRules rules,
      Transport transport,
      Map<String, String> headers,
      Duration exchangeTimeout,
      LongSupplier nanoTime) {
    this.discovery = new Discovery(issuer, rules, transport, headers, exchangeTimeout);
    this.nanoTime = nanoTime;
  }

  @Override
  public AuthorizationServer server() throws InterruptedException {
    Copy current = copy;
    if (current != null && isFresh(current)) {
      return current.server();
    }
    fetching.lockInterruptibly();
    try {
      current = copy;
      return current != null && isFresh(current) ? current.server() : fetch(current);
    } finally {
      fetching.unlock();
    }
  }

  private boolean isFresh(Copy candidate) {
    return candidate.staleAt() - nanoTime.getAsLong() > 0;
  }

  private AuthorizationServer fetch(@Nullable Copy last) throws InterruptedException {
    long now = nanoTime.getAsLong();
    try {
      Discovery.Found found = discovery.find();
      if (last != null) {
        reportChanges(last.server(), found.server());
      }
      copy = new Copy(found.server(), now, now + age(found.cacheControl()).toNanos());
      return found.server();
    } catch (OAuthException e) {
      if (last == null || now - last.fetchedAt() > MAX_KEPT.toNanos()) {
        throw e;
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "The metadata of {0} could not be fetched again, so the last good copy is used: {1}",
          last.server(),
          e.getMessage());
      copy = new Copy(last.server(), last.fetchedAt(), now + MIN_AGE.toNanos());
      return last.server();
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

  private static void reportChanges(AuthorizationServer before, AuthorizationServer now) {
    Set<String> names = new LinkedHashSet<>(before.metadata().keySet());
    names.addAll(now.metadata().keySet());
    List<String> changed =
        names.stream()
            .filter(CachedDirectory::isSensitive)
            .filter(name -> !sameServer(before.metadata().get(name), now.metadata().get(name)))
            .toList();
    if (!changed.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Audit: the metadata of {0} changed in {1}. If nobody announced that, find out why.",
          now,
          changed);
    }
  }

  private static boolean isSensitive(String name) {
    return name.endsWith("_endpoint")
        || name.equals("jwks_uri")
        || name.endsWith("_auth_methods_supported");
  }

  /** Endpoints count as the same while they stay on their host. */
  private static boolean sameServer(@Nullable Object before, @Nullable Object now) {
    if (before instanceof String a && now instanceof String b && !a.equals(b)) {
      return Objects.equals(URI.create(a).getRawAuthority(), URI.create(b).getRawAuthority());
    }
    return Objects.equals(before, now);
  }
}
