package dev.everbearer.benchmarks.stores;

import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.redis.RedisTokenStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redis.embedded.RedisServer;

/** A Redis on loopback, which flushes each write to its file before it acknowledges it. */
final class SharedRedis implements SharedStore {

  private final TemporaryDirectory directory;
  private final RedisServer server;
  private final String url;
  private final StoreKeys keys;
  private final List<RedisClient> clients = new ArrayList<>();

  private SharedRedis(TemporaryDirectory directory, int port, StoreKeys keys) throws IOException {
    this.directory = directory;
    this.url = "redis://127.0.0.1:" + port;
    this.keys = keys;
    this.server =
        RedisServer.newRedisServer()
            .port(port)
            .bind("127.0.0.1")
            .setting("dir " + directory.path())
            .setting("save \"\"")
            .setting("appendonly yes")
            .setting("appendfsync always")
            .build();
  }

  static SharedRedis start(StoreKeys keys) throws IOException {
    SharedRedis redis = new SharedRedis(TemporaryDirectory.create(), freePort(), keys);
    redis.server.start();
    return redis;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private RedisClient client() {
    RedisClient client = RedisClient.create(url);
    clients.add(client);
    return client;
  }

  @Override
  public TokenStore open() {
    return RedisTokenStore.of(client(), keys);
  }

  @Override
  public String durability() {
    try (StatefulRedisConnection<String, String> connection = client().connect()) {
      Map<String, String> settings = connection.sync().configGet("append*");
      return "`appendonly %s`, `appendfsync %s`"
          .formatted(settings.get("appendonly"), settings.get("appendfsync"));
    }
  }

  @Override
  public void close() throws IOException {
    clients.forEach(RedisClient::shutdown);
    server.stop();
    directory.close();
  }
}
