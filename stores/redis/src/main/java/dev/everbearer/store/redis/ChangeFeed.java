package dev.everbearer.store.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Hears what is published, and tells it on a thread of its own, so that whoever is told keeps no
 * answer of the server waiting.
 */
final class ChangeFeed implements Runnable {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store.redis");

  /** More that nobody has been told of yet are not kept. */
  private static final int MOST = 10_000;

  /** No digest. */
  private static final String STOP = "";

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Link link;
  private final String channel;
  private final Duration timeout;
  private final Consumer<String> changed;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>(MOST);
  private final Thread thread;
  private volatile boolean isStopped;
  private int failures;

  ChangeFeed(Link link, String channel, Duration timeout, Consumer<String> changed) {
    this.link = link;
    this.channel = channel;
    this.timeout = timeout;
    this.changed = changed;
    this.thread = new Thread(this, "everbearer-store-redis-changes");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Ends it, at the latest when what it waits for is over. */
  void stop() {
    isStopped = true;
    heard.clear();
    heard.offer(STOP);
  }

  @Override
  public void run() {
    while (!isStopped) {
      try (StatefulRedisPubSubConnection<String, byte[]> connection = link.listen()) {
        subscribe(connection);
        tell(connection);
      } catch (RedisException | ExecutionException | TimeoutException e) {
        failed(e);
      } catch (InterruptedException e) {
        // Nobody has a reason to; it ends all the same.
        isStopped = true;
      }
    }
  }

  private void subscribe(StatefulRedisPubSubConnection<String, byte[]> connection)
      throws InterruptedException, ExecutionException, TimeoutException {
    connection.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String from, byte[] message) {
            hear(message);
          }
        });
    connection.async().subscribe(channel).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    if (failures > 0) {
      LOG.log(System.Logger.Level.INFO, "Changes of grants by others are heard again.");
      failures = 0;
    }
  }

  private void hear(byte[] message) {
    if (message.length > 0 && !heard.offer(new String(message, StandardCharsets.US_ASCII))) {
      LOG.log(System.Logger.Level.DEBUG, "A change is not told: too many wait for that.");
    }
  }

  /** Returns when the connection is lost for good. */
  private void tell(StatefulRedisPubSubConnection<String, byte[]> connection)
      throws InterruptedException {
    while (!isStopped && (connection.isOpen() || link.isReconnecting())) {
      String next = heard.poll(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
      if (next != null && !isStopped) {
        changed.accept(next);
      }
    }
  }

  private void failed(Exception why) {
    if (isStopped) {
      return;
    }
    if (failures++ == 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Changes of grants by others are not heard for now ({0}). It is tried again until it"
              + " works; until then they are found when a token is renewed.",
          why.getClass().getName());
    }
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 10));
    pause(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
  }

  private void pause(Duration time) {
    try {
      heard.poll(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      isStopped = true;
    }
  }
}
