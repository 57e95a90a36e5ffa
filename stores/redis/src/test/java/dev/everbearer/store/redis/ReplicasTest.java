package dev.everbearer.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.databases.RedisProcess;
import dev.everbearer.token.OAuthException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A write that is waited for until a replica has it. */
class ReplicasTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private RedisProcess primary;
  private RedisProcess replica;
  private RedisClient client;
  private RedisTokenStore store;

  @BeforeEach
  void open() {
    primary = RedisProcess.start("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0");
    String port = String.valueOf(primary.port());
    replica = RedisProcess.start("--replicaof", "127.0.0.1", port);
    client = primary.client();
    store = waitingFor(1);
    await()
        .atMost(PATIENCE)
        .until(() -> client.connect().sync().info("replication").contains("state=online"));
  }

  private RedisTokenStore waitingFor(int replicas) {
    return RedisTokenStore.builder(client, Stores.KEYS)
        .commandTimeout(Duration.ofSeconds(3))
        .replicas(replicas)
        .build();
  }

  @AfterEach
  void close() {
    store.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    replica.close();
    primary.close();
  }

  @Test
  @Spec("LC-61")
  void whatIsAcknowledgedIsThereWhenTheReplicaTakesOver() {
    for (int i = 0; i < 20; i++) {
      assertThat(Stores.write(store, Stores.KEY, "token-" + i)).isTrue();
    }
    primary.kill();
    try (RedisClient other = replica.client();
        RedisTokenStore next = RedisTokenStore.of(other, Stores.KEYS)) {
      assertThatThrownBy(() -> Stores.write(next, Stores.KEY, "too early"))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("READONLY");
      other.connect().sync().replicaofNoOne();
      assertThat(Stores.token(next, Stores.KEY)).isEqualTo("token-19");
      assertThat(Stores.write(next, Stores.KEY, "anew")).isTrue();
    }
  }

  @Test
  @Spec("LC-61")
  void aWriteThatTooFewReplicasHaveIsNotAcknowledged() {
    assertThat(Stores.write(store, Stores.KEY, "everywhere")).isTrue();
    replica.kill();
    assertThatThrownBy(() -> Stores.write(store, Stores.KEY, "here alone"))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("not enough of its replicas")
        .hasMessageContaining("not known");
    RedisTokenStore content = waitingFor(0);
    assertThat(Stores.token(content, Stores.KEY)).isEqualTo("here alone");
    assertThat(Stores.write(content, Stores.KEY, "here again")).isTrue();
    content.close();
  }

  @Test
  void aCountThatCannotBeWaitedForIsRefused() {
    RedisTokenStore.Builder builder = RedisTokenStore.builder(client, Stores.KEYS);
    assertThatThrownBy(() -> builder.replicas(-1)).isInstanceOf(IllegalArgumentException.class);
    RedisClusterClient cluster = RedisClusterClient.create(RedisProcess.resources(), primary.uri());
    assertThatThrownBy(() -> RedisTokenStore.builder(cluster, Stores.KEYS).replicas(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cluster");
    cluster.shutdown(Duration.ZERO, Duration.ofSeconds(5));
  }
}
