package dev.everbearer.renewal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.store.MemoryTokenStore;
import java.util.concurrent.locks.ReentrantLock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** One lock for each grant that somebody has in hand, and none for all that ever were. */
class GrantLocksTest {

  @Test
  void aLockThatIsInHandIsTheSameForAllAndOthersAreLetGoOf() {
    try (MemoryTokenStore store = new MemoryTokenStore()) {
      ReentrantLock mine = GrantLocks.of(store, "mine");
      for (int i = 0; i < 10_000; i++) {
        assertThat(GrantLocks.of(store, i).isLocked()).isFalse();
      }
      Awaitility.await()
          .until(
              () -> {
                System.gc();
                assertThat(GrantLocks.of(store, "mine")).isSameAs(mine);
                return GrantLocks.count(store) < 100;
              });
      mine.lock();
      assertThat(GrantLocks.of(store, "mine").isHeldByCurrentThread()).isTrue();
    }
  }
}
