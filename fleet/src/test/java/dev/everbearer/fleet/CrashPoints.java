package dev.everbearer.fleet;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.TokenStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Places in a renewal where a node ends, or waits, as it was told: before or after the n-th write
 * of the store ({@code cas}), or the n-th {@code put} or {@code remove} of the outbox.
 */
final class CrashPoints {

  static final int HALTED = 86;

  private final String where;
  private final String action;
  private final Map<String, Integer> counts = new HashMap<>();
  private final CountDownLatch go = new CountDownLatch(1);

  /**
   * As a text says: a place such as {@code cas:2:after}, and {@code halt}, {@code wait} or {@code
   * tell}, with a colon between them; {@code none} for nowhere.
   */
  CrashPoints(String text) {
    int end = text.lastIndexOf(':');
    this.where = text.substring(0, Math.max(0, end));
    this.action = text.substring(end + 1);
  }

  void goOn() {
    go.countDown();
  }

  private boolean passing(String what, BooleanSupplier step) {
    int count;
    synchronized (counts) {
      count = counts.merge(what, 1, Integer::sum);
    }
    reached(what + ":" + count + ":before");
    boolean result = step.getAsBoolean();
    reached(what + ":" + count + ":after");
    return result;
  }

  private void reached(String here) {
    if (!here.equals(where)) {
      return;
    }
    if (action.equals("halt")) {
      Runtime.getRuntime().halt(HALTED);
    }
    TestNode.say("reached");
    if (action.equals("wait")) {
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Around a store.
   *
   * @param ahead how much later it is by the store's clock than it would say
   */
  TokenStore in(TokenStore store, Duration ahead) {
    return new TokenStore() {
      @Override
      public Snapshot read(GrantKey key) {
        Snapshot current = store.read(key);
        return new Snapshot(current.record(), current.now().plus(ahead));
      }

      @Override
      public boolean compareAndSet(GrantKey key, GrantRecord next) {
        return passing("cas", () -> store.compareAndSet(key, next));
      }

      @Override
      public boolean isDurable() {
        return store.isDurable();
      }

      @Override
      public List<GrantSummary> list(String registration, @Nullable GrantKey after, int limit) {
        return store.list(registration, after, limit);
      }

      @Override
      public Watch watch(Consumer<String> changed) {
        return store.watch(changed);
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }

  Outbox in(Outbox outbox) {
    return new Outbox() {
      @Override
      public String owner() {
        return outbox.owner();
      }

      @Override
      public void put(GrantKey key, GrantRecord uncommitted) {
        boolean unused = passing("put", () -> done(() -> outbox.put(key, uncommitted)));
      }

      @Override
      public @Nullable GrantRecord uncommitted(GrantKey key) {
        return outbox.uncommitted(key);
      }

      @Override
      public Map<GrantKey, GrantRecord> uncommitted() {
        return outbox.uncommitted();
      }

      @Override
      public void remove(GrantKey key) {
        boolean unused = passing("remove", () -> done(() -> outbox.remove(key)));
      }

      @Override
      public List<Outbox> orphans() {
        return outbox.orphans();
      }

      @Override
      public void close() {
        outbox.close();
      }
    };
  }

  private static boolean done(Runnable step) {
    step.run();
    return true;
  }
}
