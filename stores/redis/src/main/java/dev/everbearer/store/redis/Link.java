package dev.everbearer.store.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.atomic.AtomicLong;

/** Makes connections, to a server or to a cluster. */
interface Link {

  /** Names are ASCII; what is kept is bytes. */
  RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE);

  /**
   * A connection that many use at once.
   *
   * @param losses how often it was lost, and made again
   */
  record Opened(
      StatefulConnection<String, byte[]> connection,
      RedisClusterAsyncCommands<String, byte[]> commands,
      AtomicLong losses) {

    private static Opened of(
        StatefulConnection<String, byte[]> connection,
        RedisClusterAsyncCommands<String, byte[]> commands) {
      AtomicLong losses = new AtomicLong();
      connection.addListener(
          new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
              losses.incrementAndGet();
            }
          });
      return new Opened(connection, commands, losses);
    }
  }

  /** Makes a connection. */
  Opened open();

  /** Makes a connection that hears what is published. */
  StatefulRedisPubSubConnection<String, byte[]> listen();

  /** Whether all keys are at one server. */
  boolean isOneServer();

  /** Whether a connection that was lost is made again by itself. */
  boolean isReconnecting();

  static Link to(RedisClient client) {
    return new Link() {
      @Override
      public Opened open() {
        StatefulRedisConnection<String, byte[]> connection = client.connect(CODEC);
        return Opened.of(connection, connection.async());
      }

      @Override
      public StatefulRedisPubSubConnection<String, byte[]> listen() {
        return client.connectPubSub(CODEC);
      }

      @Override
      public boolean isReconnecting() {
        return client.getOptions().isAutoReconnect();
      }

      @Override
      public boolean isOneServer() {
        return true;
      }
    };
  }

  static Link to(RedisClusterClient client) {
    return new Link() {
      @Override
      public Opened open() {
        StatefulRedisClusterConnection<String, byte[]> connection = client.connect(CODEC);
        return Opened.of(connection, connection.async());
      }

      @Override
      public StatefulRedisPubSubConnection<String, byte[]> listen() {
        return client.connectPubSub(CODEC);
      }

      @Override
      public boolean isReconnecting() {
        return client.getOptions().isAutoReconnect();
      }

      @Override
      public boolean isOneServer() {
        return false;
      }
    };
  }
}
