package dev.everbearer.renewal.internal;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What goes wrong for a client beside the server: its store, answers that are not in it, other
 * processes that are waited for. Listeners hear of each change once. Thread-safe.
 */
public final class Health {

  private final StoreHealth store;
  private final Unwritten unwritten;
  private final Waits waits;

  /**
   * All is well.
   *
   * @param registration the name of the client registration
   * @param server for people
   */
  public Health(String registration, String server, Announcer announcer, Timing timing) {
    this.store = new StoreHealth(registration, announcer, timing);
    this.unwritten = new Unwritten(server, announcer, timing);
    this.waits = new Waits(server, announcer, timing);
  }

  /** The store, for the engine to use. */
  public TokenStore watched(TokenStore given) {
    return new WatchedStore(given, store);
  }

  /** The outbox, for the engine to use. */
  public Outbox watched(Outbox given) {
    return new WatchedOutbox(given, unwritten);
  }

  boolean isStoreDown() {
    return store.isDown();
  }

  /** An answer could not be written. */
  void uncommitted(GrantKey key, String grant, String why) {
    unwritten.begun(key, grant, why);
  }

  /** What a process before this one left could not be written. */
  void left(GrantKey key, GrantRecord entry) {
    unwritten.left(key, entry);
  }

  /** A renewal waits for another process. */
  void waits(GrantKey key, String grant, Duration atMost) {
    waits.on(key, grant, atMost);
  }

  void waitsNoMore(GrantKey key) {
    waits.off(key);
  }

  /** What is wrong with a grant, as sentences; empty when nothing is. */
  String ofGrant(GrantKey key) {
    return Stream.of(unwritten.sentence(key), waits.sentence(key))
        .filter(each -> !each.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /** What is wrong with the store, as a sentence; empty when nothing is. */
  public String ofStore() {
    return store.sentence();
  }

  /** Since when the oldest answer is not in the store; empty when all are. */
  public Optional<Instant> uncommittedSince() {
    return unwritten.oldest();
  }
}
