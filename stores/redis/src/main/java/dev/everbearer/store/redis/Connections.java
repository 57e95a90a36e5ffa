package dev.everbearer.store.redis;

import dev.everbearer.store.redis.Link.Opened;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The one connection of a store, made when it is first needed. */
final class Connections implements AutoCloseable {

  private final Link link;
  private final Duration timeout;
  private final Consumer<Opened> first;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable Opened opened;
  private volatile boolean isClosed;

  /** Guarded by the lock. */
  private boolean isFirstOver;

  /**
   * Opens nothing yet.
   *
   * @param first gets the first connection that is made
   */
  Connections(Link link, Duration timeout, Consumer<Opened> first) {
    this.link = link;
    this.timeout = timeout;
    this.first = first;
  }

  /**
   * The connection.
   *
   * @param doing what, as the rest of a sentence that begins with "Could not"
   */
  Opened get(String doing) {
    Opened known = usable();
    return known != null ? known : opened(doing);
  }

  private @Nullable Opened usable() {
    Opened known = opened;
    boolean isUsable =
        known != null && !isClosed && (known.connection().isOpen() || link.isReconnecting());
    return isUsable ? known : null;
  }

  private Opened opened(String doing) {
    if (!isOurTurn(doing)) {
      throw Trouble.busyConnecting(doing);
    }
    try {
      if (isClosed) {
        throw new IllegalStateException("The store is closed.");
      }
      Opened known = usable();
      return known != null ? known : open(doing);
    } finally {
      opening.unlock();
    }
  }

  private boolean isOurTurn(String doing) {
    try {
      return opening.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw Trouble.interrupted(doing);
    }
  }

  private Opened open(String doing) {
    Opened before = opened;
    if (before != null) {
      before.connection().close();
    }
    try {
      Opened made = link.open();
      opened = made;
      if (!isFirstOver) {
        isFirstOver = true;
        first.accept(made);
      }
      return made;
    } catch (RedisException e) {
      throw Trouble.noConnection(doing, e);
    }
  }

  @Override
  public void close() {
    opening.lock();
    try {
      isClosed = true;
      if (opened != null) {
        opened.connection().close();
        opened = null;
      }
    } finally {
      opening.unlock();
    }
  }
}
