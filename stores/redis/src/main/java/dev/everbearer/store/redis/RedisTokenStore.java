package dev.everbearer.store.redis;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.SealedRecords;
import dev.everbearer.store.SealedRecords.BrokenRecordException;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.redis.Grants.Row;
import dev.everbearer.store.redis.Grants.Written;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps grants in Redis or Valkey, a server or a cluster, sealed, one hash for each. Reading is one
 * round trip, and so is writing, each by a script; the clock is the server's. All threads share one
 * connection, which is made when it is first needed; while somebody watches there is another.
 *
 * <p>Lists are read from an index, a sorted set for each registration. In a cluster it is in
 * another slot than a grant and cannot be written at once with it: it is written after the first
 * version of a grant, and after each change of its state. When that fails, the next write of the
 * grant does it; until then the grant is in no list, and nothing else is the matter with it.
 *
 * <p>What the server does not do is thrown as an {@link OAuthException} with the code of its error;
 * after a write it may then be there or not. A hash that is broken is renamed to {@code
 * everbearer:corrupt:}..., with a warning, and counts as absent.
 *
 * <p>The server must keep what it has acknowledged: append-only, and flushed with each write. One
 * that says that it does not is warned of once. Thread-safe.
 */
public final class RedisTokenStore implements TokenStore {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store.redis");

  private final Keys keys;
  private final Server server;
  private final Grants grants;
  private final Index index;
  private final SealedRecords sealed;
  private final Watching watching;

  private RedisTokenStore(Builder builder) {
    this.keys = builder.keys;
    Connections connections = new Connections(builder.link, builder.timeout, Durability::check);
    this.server = new Server(connections, builder.timeout);
    this.grants = new Grants(server, keys, builder.replicas);
    this.index = new Index(server, keys);
    this.sealed = SealedRecords.by(builder.sealing, "The store of " + keys.prefix());
    this.watching = new Watching(builder.link, keys.changed(), builder.timeout);
  }

  /**
   * A store in a server, or in one that a Sentinel names, with the usual settings.
   *
   * @param client makes the connections; it is yours to shut down, after the store
   * @param keys seal the records
   */
  public static RedisTokenStore of(RedisClient client, StoreKeys keys) {
    return builder(client, keys).build();
  }

  /** A store in a cluster, with the usual settings; the parameters are as those of a server. */
  public static RedisTokenStore of(RedisClusterClient client, StoreKeys keys) {
    return builder(client, keys).build();
  }

  /** Starts a store in a server with other settings. */
  public static Builder builder(RedisClient client, StoreKeys keys) {
    return new Builder(Link.to(Objects.requireNonNull(client, "client")), keys);
  }

  /** Starts a store in a cluster with other settings. */
  public static Builder builder(RedisClusterClient client, StoreKeys keys) {
    return new Builder(Link.to(Objects.requireNonNull(client, "client")), keys);
  }

  /**
   * {@inheritDoc}
   *
   * @throws OAuthException when the server cannot be asked, or the record was sealed by a key that
   *     is not among the keys; then it stays as it is
   */
  @Override
  public Snapshot read(GrantKey key) {
    while (true) {
      Row row = grants.read(key);
      if (!row.isThere()) {
        return new Snapshot(GrantRecord.absent(), row.now());
      }
      Optional<Long> version = row.number();
      if (version.isEmpty()) {
        setAside(key, row, "its version or its record is not as it was written");
        continue;
      }
      try {
        return new Snapshot(sealed.open(key, row.record(), version.get()), row.now());
      } catch (BrokenRecordException e) {
        if (e.isKeyMissing()) {
          throw keyMissing(key, e);
        }
        setAside(key, row, e.getMessage());
      }
    }
  }

  private void setAside(GrantKey key, Row row, String why) {
    Optional<String> kept = grants.setAside(key, row, why);
    kept.ifPresent(
        name ->
            LOG.log(
                System.Logger.Level.WARNING,
                "The grant {0} of {1} is broken: {2}. It is now {3}, and counts as absent. Find"
                    + " out who else writes to {0}; rename it back if you can mend it.",
                keys.grant(key),
                key.registration(),
                why,
                name));
  }

  private OAuthException keyMissing(GrantKey key, BrokenRecordException e) {
    return Failure.builder(
            FailureKind.REFUSED,
            "The grant %s of %s cannot be opened: %s. It is left as it is; restore its key, or delete the hash to log in anew."
                .formatted(keys.grant(key), key.registration(), e.getMessage()))
        .build()
        .toException();
  }

  /**
   * {@inheritDoc}
   *
   * @throws OAuthException when the server gave no answer: the record may be written or not
   */
  @Override
  public boolean compareAndSet(GrantKey key, GrantRecord next) {
    String record = sealed.seal(key, next);
    Written written = grants.write(key, next, record);
    while (written == Written.BROKEN) {
      read(key);
      written = grants.write(key, next, record);
    }
    return written == Written.YES;
  }

  /** It is, if the server keeps what it acknowledges: true. */
  @Override
  public boolean isDurable() {
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A grant whose hash is gone, or cannot be read, is left out.
   */
  @Override
  public List<GrantSummary> list(String registration, @Nullable GrantKey after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("A list has 1 grant or more, not %d.".formatted(limit));
    }
    return index.list(registration, after, limit);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Each write is published, and heard over a connection of its own. What is published while
   * that is lost is not told; it is made again until somebody hears.
   */
  @Override
  public Watch watch(Consumer<String> changed) {
    return watching.add(Objects.requireNonNull(changed, "changed"));
  }

  /** Ends all notices, and the store's connections. The client stays open. */
  @Override
  public void close() {
    watching.close();
    server.close();
  }

  /** The prefix of its keys. */
  @Override
  public String toString() {
    return "RedisTokenStore[" + keys.prefix() + "]";
  }

  /** Builds a {@link RedisTokenStore}. Not thread-safe. */
  public static final class Builder {

    private final Link link;
    private final StoreKeys sealing;
    private Keys keys = new Keys(Keys.PREFIX);
    private Duration timeout = Duration.ofSeconds(5);
    private int replicas;

    private Builder(Link link, StoreKeys keys) {
      this.link = link;
      this.sealing = Objects.requireNonNull(keys, "keys");
    }

    /**
     * What the names of the keys begin with, and that of the channel; {@code everbearer:} by
     * default.
     *
     * @throws IllegalArgumentException if it is not 1 to 60 of letters, digits, and {@code _ . : -}
     */
    public Builder keyPrefix(String prefix) {
      this.keys = new Keys(prefix);
      return this;
    }

    /**
     * How long the server may take to answer a command; 5 seconds by default. How long a connection
     * may take to be made is a setting of the client.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder commandTimeout(Duration limit) {
      if (limit.isZero() || limit.isNegative()) {
        throw new IllegalArgumentException("%s is not positive.".formatted(limit));
      }
      this.timeout = limit;
      return this;
    }

    /**
     * How many replicas must have a write before it is acknowledged ({@code WAIT}); 0 by default. A
     * write that too few have in time is thrown as one whose outcome is not known. While it is
     * waited for, the connection does nothing else.
     *
     * @throws IllegalArgumentException if it is negative, or the store is in a cluster, where it
     *     cannot be asked for
     */
    public Builder replicas(int count) {
      if (count < 0 || (count > 0 && !link.isOneServer())) {
        throw new IllegalArgumentException(
            "A write can be waited for at 0 or more replicas of one server, and not in a cluster.");
      }
      this.replicas = count;
      return this;
    }

    /** The store. Nothing is asked of the server yet. */
    public RedisTokenStore build() {
      return new RedisTokenStore(this);
    }
  }
}
