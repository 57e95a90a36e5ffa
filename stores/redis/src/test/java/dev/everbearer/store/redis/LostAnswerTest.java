package dev.everbearer.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.store.GrantRecord;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.databases.RedisProcess;
import dev.everbearer.testing.databases.Relay;
import dev.everbearer.testing.databases.Relay.Answer;
import dev.everbearer.token.OAuthException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A write whose answer is lost is never told as one that lost. */
class LostAnswerTest {

  private final String prefix = Stores.newPrefix();
  private final RedisTokenStore direct = Stores.at(prefix);
  private Relay relay;
  private RedisClient client;
  private RedisTokenStore store;

  @BeforeEach
  void open() throws IOException {
    relay = new Relay(RedisProcess.shared().port());
    client = RedisProcess.client(relay.port());
    store = store(Duration.ofSeconds(20));
    Stores.write(store, Stores.KEY, "first");
  }

  private RedisTokenStore store(Duration timeout) {
    return RedisTokenStore.builder(client, Stores.KEYS)
        .keyPrefix(prefix)
        .commandTimeout(timeout)
        .build();
  }

  @AfterEach
  void close() {
    store.close();
    direct.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
    relay.close();
  }

  private GrantRecord second() {
    return Stores.withToken(direct.read(Stores.KEY).record(), "second");
  }

  @Test
  @Spec("LC-61")
  void aWriteThatTheClientSendsAgainIsTheSameWrite() {
    GrantRecord second = second();
    relay.answers(Answer.CUT);
    assertThat(store.compareAndSet(Stores.KEY, second)).isTrue();
    assertThat(Stores.token(direct, Stores.KEY)).isEqualTo("second");
    assertThat(direct.read(Stores.KEY).record().version()).isEqualTo(2);
  }

  @Test
  @Spec("LC-61")
  void aWriteThatIsNotSentAgainIsAnErrorAndTheStoreGoesOn() {
    store.close();
    client.setOptions(ClientOptions.builder().autoReconnect(false).build());
    store = store(Duration.ofSeconds(20));
    GrantRecord second = second();
    store.read(Stores.KEY);
    relay.answers(Answer.CUT);
    assertThatThrownBy(() -> store.compareAndSet(Stores.KEY, second))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("whether it was done is not known");
    assertThat(Stores.token(store, Stores.KEY)).isEqualTo("second");
  }

  @Test
  @Spec("LC-61")
  void aWriteWithoutAnAnswerInTimeIsAnError() {
    RedisTokenStore hasty = store(Duration.ofMillis(300));
    GrantRecord second = second();
    hasty.read(Stores.KEY);
    relay.answers(Answer.SWALLOWED);
    assertThatThrownBy(() -> hasty.compareAndSet(Stores.KEY, second))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("did not answer in time")
        .hasMessageContaining("whether it was done is not known");
    assertThat(Stores.token(direct, Stores.KEY)).isEqualTo("second");
    hasty.close();
  }

  @Test
  void whoIsInterruptedWhileHeWaitsStaysSo() {
    relay.answers(Answer.SWALLOWED);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> store.read(Stores.KEY))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }
}
