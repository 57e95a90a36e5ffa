package dev.everbearer.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others change is told. */
class NoticesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String prefix = Stores.newPrefix();
  private final RedisTokenStore writer = Stores.at(prefix);
  private final RedisTokenStore reader = Stores.at(prefix);
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    writer.close();
    reader.close();
  }

  private long listening() {
    String channel = new Keys(prefix).changed();
    return Stores.redis().pubsubNumsub(channel).get(channel);
  }

  private void awaitListening(int stores) {
    await().atMost(PATIENCE).until(() -> listening() == stores);
  }

  @Test
  void aWriteReachesThoseWhoWatchInAnotherStore() throws Exception {
    try (var watch = reader.watch(told::add)) {
      assertThat(watch).isNotNull();
      awaitListening(1);
      for (int i = 0; i < 5; i++) {
        Stores.write(writer, Stores.KEY, "token-" + i);
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Stores.KEY.digest());
        assertThat(Stores.token(reader, Stores.KEY)).isEqualTo("token-" + i);
      }
      assertThat(told).isEmpty();
    }
  }

  @Test
  void aClaimToRenewIsNoNews() throws Exception {
    Stores.write(writer, Stores.KEY, "first");
    try (var watch = reader.watch(told::add)) {
      assertThat(watch).isNotNull();
      awaitListening(1);
      GrantRecord claimed = Stores.claimed(writer.read(Stores.KEY).record());
      assertThat(writer.compareAndSet(Stores.KEY, claimed)).isTrue();
      assertThat(reader.read(Stores.KEY).record().isClaimed()).isTrue();
      GrantKey other = Stores.key("other");
      Stores.write(writer, other, "token");
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(other.digest());
    }
  }

  @Test
  void aWriteThatChangesNothingTellsNothing() throws Exception {
    GrantRecord first = Stores.withToken(GrantRecord.absent(), "first");
    writer.compareAndSet(Stores.KEY, first);
    try (var watch = reader.watch(told::add)) {
      assertThat(watch).isNotNull();
      awaitListening(1);
      assertThat(writer.compareAndSet(Stores.KEY, first)).isFalse();
      GrantKey other = Stores.key("other");
      Stores.write(writer, other, "token");
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(other.digest());
    }
  }

  @Test
  void whoThrowsWhenToldIsToldOfTheNextTooAndMayReadTheStore() throws Exception {
    try (var watch =
        reader.watch(
            id -> {
              told.add(Stores.token(reader, Stores.KEY));
              throw new IllegalStateException("of a test");
            })) {
      assertThat(watch).isNotNull();
      awaitListening(1);
      Stores.write(writer, Stores.KEY, "one");
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("one");
      Stores.write(writer, Stores.KEY, "two");
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("two");
    }
  }

  @Test
  void theConnectionEndsWithTheLastWhoWatches() {
    var one = reader.watch(told::add);
    var two = reader.watch(told::add);
    awaitListening(1);
    one.close();
    one.close();
    assertThat(listening()).isEqualTo(1);
    two.close();
    awaitListening(0);
    reader.watch(told::add);
    awaitListening(1);
    reader.close();
    awaitListening(0);
  }
}
