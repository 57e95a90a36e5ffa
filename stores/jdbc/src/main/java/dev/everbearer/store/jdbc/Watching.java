package dev.everbearer.store.jdbc;

import dev.everbearer.store.TokenStore.Watch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who watches, and the thread that looks for changes as long as somebody does. */
final class Watching {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store.jdbc");

  private final Database database;
  private final Duration pollEvery;
  private final boolean isListening;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  /** Guarded by this. */
  private @Nullable ChangeFeed feed;

  Watching(Database database, Duration pollEvery, boolean isListening) {
    this.database = database;
    this.pollEvery = pollEvery;
    this.isListening = isListening;
  }

  /** One who watches, told from others who have the same function. */
  private static final class Watcher {

    private final Consumer<String> changed;

    Watcher(Consumer<String> changed) {
      this.changed = changed;
    }

    void tell(String id) {
      try {
        changed.accept(id);
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "Who watches the store threw {0} when told of a change; the next is told, too.",
            e.getClass().getName());
      }
    }
  }

  synchronized Watch add(Consumer<String> changed) {
    Watcher watcher = new Watcher(changed);
    watchers.add(watcher);
    if (feed == null) {
      feed = new ChangeFeed(database, pollEvery, isListening, this::tell);
      feed.start();
    }
    return () -> remove(watcher);
  }

  private void tell(String id) {
    watchers.forEach(each -> each.tell(id));
  }

  private synchronized void remove(Watcher watcher) {
    if (watchers.remove(watcher) && watchers.isEmpty()) {
      end();
    }
  }

  synchronized void close() {
    watchers.clear();
    end();
  }

  private void end() {
    if (feed != null) {
      feed.stop();
      feed = null;
    }
  }
}
