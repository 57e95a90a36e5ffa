package dev.everbearer.store;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Ends with the process, as its owner does. */
final class MemoryOutbox implements Outbox {

  private final String owner = UUID.randomUUID().toString();
  private final Map<GrantKey, GrantRecord> uncommitted = new ConcurrentHashMap<>();

  @Override
  public String owner() {
    return owner;
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public void put(GrantKey key, GrantRecord record) {
    uncommitted.put(key, record);
  }

  @Override
  public @Nullable GrantRecord uncommitted(GrantKey key) {
    return uncommitted.get(key);
  }

  @Override
  public Map<GrantKey, GrantRecord> uncommitted() {
    return Map.copyOf(uncommitted);
  }

  @Override
  public void remove(GrantKey key) {
    uncommitted.remove(key);
  }

  @Override
  public List<Outbox> orphans() {
    return List.of();
  }

  @Override
  public void close() {
    uncommitted.clear();
  }

  @Override
  public String toString() {
    return "Outbox[in memory]";
  }
}
