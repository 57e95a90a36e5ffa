package dev.everbearer;

import dev.everbearer.client.ClientRegistration;
import dev.everbearer.store.RegistrationStore;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The place of one issuer in a registration store. What cannot be written there stays in this
 * process, for all that use the store, and is written at the next occasion: credentials that a
 * server has just made are nowhere else. To be used in turn.
 */
final class RegistrationShelf {

  private static final System.Logger LOG = System.getLogger("dev.everbearer");
  private static final Map<RegistrationStore, ConcurrentMap<String, Unwritten>> UNWRITTEN =
      new WeakHashMap<>(); // guarded by itself

  /**
   * What waits to be written.
   *
   * @param before what the store holds as long as nobody else writes; null for nothing
   */
  private record Unwritten(ClientRegistration registration, @Nullable ClientRegistration before) {}

  private final String issuer;
  private final RegistrationStore store;
  private final ConcurrentMap<String, Unwritten> unwritten;

  RegistrationShelf(String issuer, RegistrationStore store) {
    this.issuer = issuer;
    this.store = store;
    synchronized (UNWRITTEN) {
      this.unwritten = UNWRITTEN.computeIfAbsent(store, ignored -> new ConcurrentHashMap<>());
    }
  }

  /** What counts now; null when there is nothing. */
  @Nullable ClientRegistration get() {
    Unwritten waiting = unwritten.get(issuer);
    ClientRegistration kept =
        waiting == null ? store.get(issuer).orElse(null) : writtenNow(waiting);
    if (kept != null && !kept.issuer().map(issuer::equals).orElse(false)) {
      throw Failure.builder(
              FailureKind.REFUSED,
              "%s was kept for %s. Credentials of one server never go to another: remove it from the registration store."
                  .formatted(kept, issuer))
          .build()
          .toException();
    }
    return kept;
  }

  /** Once more; unless somebody else wrote something since, which counts then. */
  private ClientRegistration writtenNow(Unwritten waiting) {
    ClientRegistration ours = waiting.registration();
    try {
      ClientRegistration stored = store.get(issuer).orElse(null);
      if (stored != null && !stored.equals(waiting.before())) {
        unwritten.remove(issuer);
        return stored;
      }
      store.put(issuer, ours);
      unwritten.remove(issuer);
      return ours;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, ours + " still cannot be kept.", e);
      return ours;
    }
  }

  /** Keeps a registration in place of what {@link #get} gave, in the store or else here. */
  void put(ClientRegistration registration, @Nullable ClientRegistration got) {
    Unwritten waiting = unwritten.get(issuer);
    try {
      store.put(issuer, registration);
      unwritten.remove(issuer);
    } catch (RuntimeException e) {
      unwritten.put(issuer, new Unwritten(registration, waiting == null ? got : waiting.before()));
      LOG.log(
          System.Logger.Level.WARNING,
          ("%s cannot be kept in %s. This process goes on with it, and writes it later; it is lost"
                  + " when the process ends before the store is mended, and the next start"
                  + " registers another client.")
              .formatted(registration, store),
          e);
    }
  }

  /** Writes what waits, if it can be. */
  void retry() {
    Unwritten waiting = unwritten.get(issuer);
    if (waiting != null) {
      ClientRegistration unused = writtenNow(waiting);
    }
  }
}
