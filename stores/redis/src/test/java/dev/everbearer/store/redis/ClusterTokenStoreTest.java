package dev.everbearer.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.contract.TokenStoreContract;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In a cluster, whose slots are at two nodes. */
class ClusterTokenStoreTest extends TokenStoreContract {

  private static RedisCluster cluster;
  private static RedisClusterClient client;
  private static RedisAdvancedClusterCommands<String, String> commands;

  private final String prefix = Stores.newPrefix();

  @BeforeAll
  static void start() {
    cluster = RedisCluster.start();
    client = cluster.client();
    commands = client.connect().sync();
  }

  @AfterAll
  static void end() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    cluster.close();
  }

  @Override
  protected RedisTokenStore open() {
    return RedisTokenStore.builder(client, Stores.KEYS).keyPrefix(prefix).build();
  }

  @Override
  protected TokenStore reopen() {
    return open();
  }

  @Override
  protected void corrupt(GrantKey damaged) {
    commands.hset(new Keys(prefix).grant(damaged), "record", "broken");
  }

  @Test
  void allOfAGrantIsInOneSlotAndGrantsAreInMany() {
    Keys keys = new Keys(prefix);
    Set<Integer> slots = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      GrantKey grant = Stores.key("user-" + i);
      int slot = SlotHash.getSlot(keys.grant(grant));
      assertThat(SlotHash.getSlot(keys.corrupt(grant, 1))).isEqualTo(slot);
      slots.add(slot);
    }
    assertThat(slots).hasSizeGreaterThan(10);
  }

  @Test
  void grantsOfBothNodesAreWrittenListedAndTold() {
    Set<String> told = ConcurrentHashMap.newKeySet();
    try (RedisTokenStore writer = open();
        RedisTokenStore reader = open();
        var watch = reader.watch(told::add)) {
      assertThat(watch).isNotNull();
      await().until(() -> isHeard(writer, told));
      Set<String> digests = new HashSet<>();
      IntStream.range(0, 20)
          .mapToObj(i -> Stores.key("user-" + i))
          .forEach(
              each -> {
                assertThat(Stores.write(writer, each, "token")).isTrue();
                assertThat(Stores.token(reader, each)).isEqualTo("token");
                digests.add(each.digest());
              });
      await().until(() -> told.containsAll(digests));
      assertThat(reader.list("client", null, 100)).hasSizeGreaterThanOrEqualTo(20);
    }
  }

  private static boolean isHeard(RedisTokenStore writer, Set<String> told) {
    GrantKey key = new GrantKey("another client", "refresh_token", "x");
    Stores.write(writer, key, "token");
    return told.contains(key.digest());
  }
}
