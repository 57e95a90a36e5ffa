package dev.everbearer.fleet;

import dev.everbearer.store.FileTokenStore;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.jdbc.JdbcTokenStore;
import dev.everbearer.store.redis.RedisTokenStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Where grants are kept that processes share, as it stands on a command line: {@code file:DIR},
 * {@code jdbc:...}, or {@code redis://...} as Lettuce reads it.
 */
final class StoreAddress {

  private static final String FILE = "file:";
  private static final String JDBC = "jdbc:";
  private static final String REDIS = "redis://";
  private static final String REDIS_TLS = "rediss://";

  private final String text;

  private StoreAddress(String text) {
    this.text = text;
  }

  /**
   * An address that can be opened, as far as its form says.
   *
   * @throws IllegalArgumentException if it is of another form; what it says is not repeated, for a
   *     password may be in it
   */
  static StoreAddress of(String text) {
    if (text.startsWith(JDBC)) {
      return new StoreAddress(text);
    }
    if (isRedis(text)) {
      return inRedis(text);
    }
    if (!text.startsWith(FILE) || text.length() == FILE.length()) {
      throw new IllegalArgumentException(
          "A store is file:DIRECTORY, or a URL that begins jdbc:, redis:// or rediss://");
    }
    try {
      Path unused = Path.of(text.substring(FILE.length()));
      return new StoreAddress(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("No directory can have the name of the store.", e);
    }
  }

  private static boolean isRedis(String text) {
    return text.startsWith(REDIS) || text.startsWith(REDIS_TLS);
  }

  private static StoreAddress inRedis(String text) {
    try {
      RedisURI unused = RedisURI.create(text);
      return new StoreAddress(text);
    } catch (IllegalArgumentException e) {
      // Its message repeats the address.
      throw new IllegalArgumentException("The address of the Redis cannot be read.");
    }
  }

  /** Makes what is missing for the first who opens it. */
  void prepare(StoreKeys keys) {
    if (text.startsWith(JDBC)) {
      try (JdbcTokenStore store = inDatabase(keys)) {
        store.createTables();
      }
    }
  }

  TokenStore open(StoreKeys keys) {
    if (isRedis(text)) {
      return RedisTokenStore.of(RedisClient.create(text), keys);
    }
    return text.startsWith(JDBC)
        ? inDatabase(keys)
        : FileTokenStore.at(Path.of(text.substring(FILE.length())), keys);
  }

  private JdbcTokenStore inDatabase(StoreKeys keys) {
    return JdbcTokenStore.of(new UrlDataSource(text), keys);
  }

  String text() {
    return text;
  }

  /** Its kind alone: there may be a password in the rest. */
  @Override
  public String toString() {
    return text.substring(0, FILE.length()) + "...";
  }
}
