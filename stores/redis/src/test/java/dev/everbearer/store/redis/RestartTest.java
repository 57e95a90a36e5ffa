package dev.everbearer.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.databases.RedisProcess;
import dev.everbearer.token.OAuthException;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Redis that is killed, and started again on its append-only file. */
class RestartTest {

  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private RedisProcess server;
  private RedisClient client;
  private RedisTokenStore store;

  @BeforeEach
  void open() {
    server = RedisProcess.start();
    client = server.client();
    store =
        RedisTokenStore.builder(client, Stores.KEYS).commandTimeout(Duration.ofSeconds(1)).build();
  }

  @AfterEach
  void close() {
    store.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    server.close();
  }

  @Test
  @Spec("LC-61")
  void whatWasAcknowledgedIsThereAfterAKillAndTheStoreGoesOn() throws Exception {
    Set<String> told = ConcurrentHashMap.newKeySet();
    try (var watch = store.watch(told::add)) {
      assertThat(watch).isNotNull();
      AtomicLong acknowledged = new AtomicLong();
      CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(acknowledged));
      await().atMost(PATIENCE).until(() -> acknowledged.get() > 50);
      server.kill();
      assertThatThrownBy(writer::join).hasCauseInstanceOf(OAuthException.class);
      assertThatThrownBy(() -> store.read(Stores.KEY))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("Could not read a grant");
      server.again();
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(OAuthException.class)
          .untilAsserted(
              () ->
                  assertThat(store.read(Stores.KEY).record().version())
                      .isBetween(acknowledged.get(), acknowledged.get() + 1));
      assertThat(store.list("client", null, 10)).hasSize(1);
      GrantKey after = Stores.key("after");
      await()
          .atMost(PATIENCE)
          .until(() -> Stores.write(store, after, "token") && told.contains(after.digest()));
    }
  }

  private void write(AtomicLong acknowledged) {
    GrantRecord record = GrantRecord.absent();
    while (true) {
      record = Stores.withToken(record, "token-" + record.version());
      assertThat(store.compareAndSet(Stores.KEY, record)).isTrue();
      acknowledged.set(record.version());
    }
  }

  @Test
  void aServerThatIsNotThereYetIsAnErrorAndUsedOnceItIs() throws Exception {
    server.kill();
    assertThatThrownBy(() -> store.read(Stores.KEY))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("made no connection")
        .hasMessageContaining("Nothing was read or written");
    Set<String> told = ConcurrentHashMap.newKeySet();
    try (var watch = store.watch(told::add)) {
      assertThat(watch).isNotNull();
      server.again();
      await()
          .atMost(PATIENCE)
          .until(() -> Stores.write(store, Stores.KEY, "t") && told.contains(Stores.KEY.digest()));
    }
  }
}
