package dev.everbearer.testing.contract;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.TokenStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many threads that write one grant as fast as they can. */
final class Writers {

  private static final int WRITERS = 8;
  private static final int WRITES = 25;

  private Writers() {}

  /** How many writes were acknowledged to all of them, by these stores in turn. */
  static int acknowledged(GrantKey key, TokenStore... stores) throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        results.add(writers.submit(writer(key, stores[i % stores.length], go)));
      }
      go.countDown();
      int acknowledged = 0;
      for (Future<Integer> result : results) {
        acknowledged += result.get(60, TimeUnit.SECONDS);
      }
      return acknowledged;
    } finally {
      writers.shutdownNow();
    }
  }

  private static Callable<Integer> writer(GrantKey key, TokenStore store, CountDownLatch go) {
    return () -> {
      go.await();
      int written = 0;
      while (written < WRITES) {
        GrantRecord read = store.read(key).record();
        GrantRecord next = TokenStoreScene.withRefreshToken(read, "token-" + written);
        written += store.compareAndSet(key, next) ? 1 : 0;
      }
      return written;
    };
  }
}
