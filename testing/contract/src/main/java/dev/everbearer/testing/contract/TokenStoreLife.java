package dev.everbearer.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.Spec;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a store keeps when a process ends, and what it is to several of them. */
abstract class TokenStoreLife extends TokenStoreScene {

  private TokenStore again() throws Exception {
    assumeTrue(store.isDurable(), "the store ends with its process");
    return reopen();
  }

  @Test
  void theNextProcessFindsAllThatWasWritten() throws Exception {
    assertThat(store.compareAndSet(key, full())).isTrue();
    try (TokenStore next = again()) {
      assertSame(next.read(key).record(), full());
      assertThat(next.list("client", null, 10)).hasSize(1);
    }
  }

  @Test
  void closingLosesNothing() throws Exception {
    assumeTrue(store.isDurable(), "the store ends with its process");
    store.compareAndSet(key, full());
    store.close();
    store = reopen();
    assertSame(read(key), full());
  }

  @Test
  @Spec("LC-61")
  void ofTwoProcessesThatWriteTheSameVersionOneLoses() throws Exception {
    try (TokenStore other = again()) {
      GrantRecord here = read(key);
      GrantRecord there = other.read(key).record();
      assertThat(other.compareAndSet(key, withRefreshToken(there, "winner"))).isTrue();
      assertThat(store.compareAndSet(key, withRefreshToken(here, "loser"))).isFalse();
      assertThat(revealed(read(key))).isEqualTo("winner");
      assertThat(store.compareAndSet(key, withRefreshToken(read(key), "next"))).isTrue();
      assertThat(other.compareAndSet(key, withRefreshToken(read(key), "last"))).isTrue();
      assertThat(revealed(read(key))).isEqualTo("last");
    }
  }

  @Test
  @Spec("LC-61")
  void everyAcknowledgedWriteOfTwoProcessesCountsOnce() throws Exception {
    try (TokenStore other = again()) {
      int acknowledged = Writers.acknowledged(key, store, other);
      assertThat(read(key).version()).isEqualTo(acknowledged);
      assertThat(other.read(key).record().version()).isEqualTo(acknowledged);
    }
  }

  @Test
  void whoWatchesIsToldOfTheWritesOfOthersOrOfNone() throws Exception {
    try (TokenStore other = again()) {
      BlockingQueue<String> told = new ArrayBlockingQueue<>(100);
      TokenStore.Watch watch = store.watch(told::offer);
      other.compareAndSet(key, full());
      String first = told.poll(2, TimeUnit.SECONDS);
      assertThat(first).isIn(key.digest(), null);
      watch.close();
      watch.close();
    }
  }

  // ---- damage

  @Test
  @Spec("LC-64")
  void aDamagedRecordCountsAsAbsentAndIsWrittenAnew() throws Exception {
    assertThat(store.compareAndSet(key, full())).isTrue();
    corrupt(key);
    GrantRecord back = read(key);
    assertThat(back.version()).isZero();
    assertThat(back.refreshToken()).isEmpty();
    assertThat(store.compareAndSet(key, withRefreshToken(back, "anew"))).isTrue();
    assertThat(revealed(read(key))).isEqualTo("anew");
  }

  @Test
  @Spec("LC-64")
  void whoWritesOverADamagedRecordFollowsOneThatIsAbsent() throws Exception {
    assertThat(store.compareAndSet(key, full())).isTrue();
    GrantRecord next = withRefreshToken(full(), "next");
    corrupt(key);
    assertThat(store.compareAndSet(key, next)).isFalse();
    assertThat(read(key).version()).isZero();
  }
}
