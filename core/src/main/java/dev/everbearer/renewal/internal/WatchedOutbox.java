package dev.everbearer.renewal.internal;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Outbox;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An outbox that tells when what it kept for long is settled. */
final class WatchedOutbox implements Outbox {

  private final Outbox inside;
  private final Unwritten unwritten;

  /** What was put in by this process; all else was left by one before it. */
  private final Set<GrantKey> ours = ConcurrentHashMap.newKeySet();

  WatchedOutbox(Outbox inside, Unwritten unwritten) {
    this.inside = inside;
    this.unwritten = unwritten;
  }

  @Override
  public String owner() {
    return inside.owner();
  }

  @Override
  public boolean isDurable() {
    return inside.isDurable();
  }

  @Override
  public void put(GrantKey key, GrantRecord uncommitted) {
    ours.add(key);
    inside.put(key, uncommitted);
  }

  @Override
  public @Nullable GrantRecord uncommitted(GrantKey key) {
    return inside.uncommitted(key);
  }

  @Override
  public Map<GrantKey, GrantRecord> uncommitted() {
    return inside.uncommitted();
  }

  @Override
  public void remove(GrantKey key) {
    GrantRecord left = ours.contains(key) ? null : inside.uncommitted(key);
    inside.remove(key);
    ours.remove(key);
    unwritten.settled(key, left);
  }

  @Override
  public List<Outbox> orphans() {
    return inside.orphans().stream()
        .map(each -> (Outbox) new WatchedOutbox(each, unwritten))
        .toList();
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
