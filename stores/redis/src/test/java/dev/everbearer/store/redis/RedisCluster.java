package dev.everbearer.store.redis;

import static org.awaitility.Awaitility.await;

import dev.everbearer.testing.databases.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Two Redis that share the slots of a cluster. */
final class RedisCluster implements AutoCloseable {

  private static final int SLOTS = 16_384;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<RedisProcess> nodes;

  private RedisCluster(List<RedisProcess> nodes) {
    this.nodes = nodes;
  }

  static RedisCluster start() {
    List<RedisProcess> nodes = Stream.generate(RedisCluster::node).limit(2).toList();
    RedisCluster cluster = new RedisCluster(nodes);
    cluster.share();
    return cluster;
  }

  private static RedisProcess node() {
    return RedisProcess.start("--cluster-enabled", "yes", "--cluster-node-timeout", "5000");
  }

  private void share() {
    for (int i = 0; i < nodes.size(); i++) {
      int from = SLOTS / nodes.size() * i;
      int to = SLOTS / nodes.size() * (i + 1);
      try (RedisClient client = nodes.get(i).client()) {
        RedisCommands<String, String> commands = client.connect().sync();
        commands.clusterSetConfigEpoch(i + 1);
        commands.clusterAddSlots(IntStream.range(from, to).toArray());
        if (i > 0) {
          commands.clusterMeet("127.0.0.1", nodes.get(0).port());
        }
      }
    }
    nodes.forEach(RedisCluster::awaitReady);
  }

  private static void awaitReady(RedisProcess node) {
    try (RedisClient client = node.client()) {
      RedisCommands<String, String> commands = client.connect().sync();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  commands.clusterInfo().contains("cluster_state:ok")
                      && commands.clusterInfo().contains("cluster_slots_assigned:" + SLOTS));
    }
  }

  RedisClusterClient client() {
    return RedisClusterClient.create(RedisProcess.resources(), nodes.get(0).uri());
  }

  @Override
  public void close() {
    nodes.forEach(RedisProcess::close);
  }
}
