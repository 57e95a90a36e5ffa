package dev.everbearer.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.everbearer.testing.databases.RedisProcess;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that may lose what it has acknowledged is warned of. */
class DurabilityTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Logger LOGGER = Logger.getLogger("dev.everbearer.store.redis");

  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          logged.add(new SimpleFormatter().formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void silence() {
    LOGGER.removeHandler(handler);
  }

  /** Reads twice, and waits until the answers about settings must have come. */
  private void use(RedisProcess server) {
    try (RedisClient client = server.client();
        RedisTokenStore store = RedisTokenStore.of(client, Stores.KEYS)) {
      store.read(Stores.KEY);
      store.read(Stores.KEY);
    }
  }

  @Test
  void aServerThatFlushesEachSecondIsWarnedOfOnce() {
    try (RedisProcess server = RedisProcess.start("--appendfsync", "everysec")) {
      use(server);
      await().atMost(PATIENCE).until(() -> !logged.isEmpty());
      assertThat(logged).hasSize(1);
      assertThat(logged.get(0))
          .contains("appendonly is yes and appendfsync is everysec")
          .contains("\"appendfsync always\"");
    }
  }

  @Test
  void aServerThatKeepsNothingOrThrowsAwayIsWarnedOf() {
    try (RedisProcess server =
        RedisProcess.start("--appendonly", "no", "--maxmemory-policy", "allkeys-lru")) {
      use(server);
      await().atMost(PATIENCE).until(() -> logged.size() == 2);
      assertThat(logged).anyMatch(each -> each.contains("appendonly is no"));
      assertThat(logged).anyMatch(each -> each.contains("maxmemory-policy is allkeys-lru"));
    }
  }

  @Test
  void ofAServerThatKeepsAllOrDoesNotSayNothingIsSaid() {
    use(RedisProcess.shared());
    try (RedisProcess mute =
        RedisProcess.start("--rename-command", "CONFIG", "", "--appendonly", "no")) {
      use(mute);
    }
    assertThat(logged).isEmpty();
  }
}
