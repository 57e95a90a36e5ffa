package dev.everbearer.renewal.internal;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.TokenStore;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store whose calls tell how it is. */
final class WatchedStore implements TokenStore {

  private final TokenStore inside;
  private final StoreHealth health;

  WatchedStore(TokenStore inside, StoreHealth health) {
    this.inside = inside;
    this.health = health;
  }

  /** The store itself, by which all who share it know it. */
  TokenStore inside() {
    return inside;
  }

  @Override
  public Snapshot read(GrantKey key) {
    return reading(() -> inside.read(key));
  }

  @Override
  public boolean compareAndSet(GrantKey key, GrantRecord next) {
    boolean isWritten;
    try {
      isWritten = inside.compareAndSet(key, next);
    } catch (RuntimeException e) {
      health.failed(e, true);
      throw e;
    }
    health.worked(isWritten);
    return isWritten;
  }

  @Override
  public boolean isDurable() {
    return inside.isDurable();
  }

  @Override
  public List<GrantSummary> list(String registration, @Nullable GrantKey after, int limit) {
    return reading(() -> inside.list(registration, after, limit));
  }

  @Override
  public Watch watch(Consumer<String> changed) {
    return inside.watch(changed);
  }

  private <T> T reading(Supplier<T> call) {
    T result;
    try {
      result = call.get();
    } catch (RuntimeException e) {
      health.failed(e, false);
      throw e;
    }
    health.worked(false);
    return result;
  }

  @Override
  public void close() {
    inside.close();
  }

  @Override
  public String toString() {
    return inside.toString();
  }
}
