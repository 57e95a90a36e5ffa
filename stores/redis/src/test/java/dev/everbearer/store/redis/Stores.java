package dev.everbearer.store.redis;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Lease;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.StoreKey;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.testing.databases.RedisProcess;
import dev.everbearer.token.Secret;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Stores in the Redis of all tests, and grants to write and to read. */
final class Stores {

  static final StoreKeys KEYS = StoreKeys.of(StoreKey.generate());
  static final GrantKey KEY = key("user-1");

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final ServerIdentity SERVER =
      new ServerIdentity("https://id.test", URI.create("https://id.test/token"));

  private Stores() {}

  private static final class Shared {

    private static final RedisClient CLIENT = RedisProcess.shared().client();
    private static final RedisCommands<String, String> COMMANDS = CLIENT.connect().sync();
  }

  /** To look at what is there, and to damage it. */
  static RedisCommands<String, String> redis() {
    return Shared.COMMANDS;
  }

  static RedisTokenStore at(String prefix) {
    return RedisTokenStore.builder(Shared.CLIENT, KEYS).keyPrefix(prefix).build();
  }

  static RedisTokenStore at(String prefix, StoreKeys keys) {
    return RedisTokenStore.builder(Shared.CLIENT, keys).keyPrefix(prefix).build();
  }

  /** Of keys that no other test has. */
  static String newPrefix() {
    return "test%d:".formatted(COUNT.incrementAndGet());
  }

  static GrantKey key(String subject) {
    return new GrantKey("client", "refresh_token", subject);
  }

  /** Writes the next version with a refresh token; whether it was written. */
  static boolean write(TokenStore store, GrantKey key, String refreshToken) {
    return store.compareAndSet(key, withToken(store.read(key).record(), refreshToken));
  }

  static GrantRecord withToken(GrantRecord record, String refreshToken) {
    return record.next().refreshToken(Secret.of(refreshToken), SERVER).build();
  }

  /** With a claim to send the refresh token. */
  static GrantRecord claimed(GrantRecord record) {
    return record
        .next()
        .rotation(
            record
                .rotation()
                .withLease(new Lease("somebody", 1, Instant.EPOCH))
                .withUnclear(new UnclearSend(Instant.EPOCH, Instant.EPOCH)))
        .build();
  }

  /** The refresh token that is stored. */
  static String token(TokenStore store, GrantKey key) {
    return store.read(key).record().refreshToken().map(Secret::reveal).orElse("none");
  }
}
