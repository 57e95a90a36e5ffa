package dev.everbearer.store.redis;

import dev.everbearer.store.TokenStore.Watch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who watches, and the thread that listens as long as somebody does. */
final class Watching implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store.redis");

  private final Link link;
  private final String channel;
  private final Duration timeout;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  /** Guarded by this. */
  private @Nullable ChangeFeed feed;

  Watching(Link link, String channel, Duration timeout) {
    this.link = link;
    this.channel = channel;
    this.timeout = timeout;
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
      feed = new ChangeFeed(link, channel, timeout, this::tell);
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

  @Override
  public synchronized void close() {
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
