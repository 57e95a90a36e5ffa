package dev.everbearer.fleet;

import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.StoredToken;
import dev.everbearer.token.AccessToken;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells when an answer is on the disk, and when one of a process before has been made use of. */
final class TellingOutbox implements Outbox {

  private final Outbox outbox;
  private final Consumer<String> tell;
  private final Set<GrantKey> inherited = ConcurrentHashMap.newKeySet();
  private final Set<AccessToken> own = ConcurrentHashMap.newKeySet();

  TellingOutbox(Outbox outbox, Consumer<String> tell) {
    this.outbox = outbox;
    this.tell = tell;
    this.inherited.addAll(outbox.uncommitted().keySet());
    outbox.uncommitted().values().forEach(this::note);
  }

  private void note(GrantRecord record) {
    record.tokens().values().stream().map(StoredToken::token).forEach(own::add);
  }

  boolean hadTokenOf(AccessToken token) {
    return own.contains(token);
  }

  @Override
  public String owner() {
    return outbox.owner();
  }

  @Override
  public void put(GrantKey key, GrantRecord uncommitted) {
    outbox.put(key, uncommitted);
    note(uncommitted);
    uncommitted
        .refreshToken()
        .ifPresent(token -> tell.accept("kept " + Fingerprint.of(token).value()));
    if (uncommitted.rotation().attempt() > 1) {
      tell.accept("recovered");
    }
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
    outbox.remove(key);
    if (inherited.remove(key)) {
      tell.accept("recovered");
    }
  }

  @Override
  public List<Outbox> orphans() {
    return outbox.orphans();
  }

  @Override
  public void close() {
    outbox.close();
  }
}
