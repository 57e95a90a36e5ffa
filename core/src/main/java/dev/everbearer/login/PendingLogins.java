package dev.everbearer.login;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, in memory, the logins that browser sessions have begun, for web applications that run
 * in one process and may see several logins of one session at once. Each is kept for ten minutes
 * and given out once; there are at most 10 000 of them, and 20 in one session, beyond which the
 * oldest is forgotten. Thread-safe.
 *
 * <p>In a fleet, keep {@link AuthorizationRedirect#pending()} in the shared session instead.
 */
public final class PendingLogins {

  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final int MAX = 10_000;
  private static final int MAX_IN_SESSION = 20;

  private record Key(String session, String state) {

    @Override
    public String toString() {
      return "Key";
    }
  }

  private record Entry(String pending, Instant end) {

    @Override
    public String toString() {
      return "Entry until " + end;
    }
  }

  private final InstantSource clock;

  /** In the order in which they were begun, which is the order in which they end. */
  private final Map<Key, Entry> entries = new LinkedHashMap<>(); // guarded by this

  private final Map<String, Deque<Key>> bySession = new HashMap<>(); // guarded by this

  /** On the system's clock. */
  public PendingLogins() {
    this(InstantSource.system());
  }

  /** On a given clock. */
  public PendingLogins(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Remembers a login.
   *
   * @param session what tells browser sessions apart and cannot be guessed, such as the session id
   */
  public void keep(String session, AuthorizationRedirect redirect) {
    Instant now = clock.instant();
    Key key = new Key(Objects.requireNonNull(session, "session"), redirect.state());
    synchronized (this) {
      forgetOver(now);
      Deque<Key> ofSession = bySession.getOrDefault(session, new ArrayDeque<>());
      if (ofSession.size() >= MAX_IN_SESSION) {
        forget(ofSession.getFirst());
      }
      if (entries.size() >= MAX) {
        forget(entries.keySet().iterator().next());
      }
      entries.put(key, new Entry(redirect.pending(), now.plus(LIFE)));
      bySession.computeIfAbsent(session, unused -> new ArrayDeque<>()).add(key);
    }
  }

  /**
   * Gives out, once, what {@link AuthorizationCodeFlow#finish} needs for an answer; empty when this
   * session has not begun such a login, or it is over.
   */
  public Optional<String> take(String session, AuthorizationResponse response) {
    Instant now = clock.instant();
    Key key = new Key(session, response.state().orElse(""));
    synchronized (this) {
      forgetOver(now);
      return Optional.ofNullable(forget(key)).map(Entry::pending);
    }
  }

  /** How many logins are remembered. */
  public synchronized int size() {
    return entries.size();
  }

  private void forgetOver(Instant now) {
    while (!entries.isEmpty()) {
      Map.Entry<Key, Entry> oldest = entries.entrySet().iterator().next();
      if (oldest.getValue().end().isAfter(now)) {
        return;
      }
      forget(oldest.getKey());
    }
  }

  private @Nullable Entry forget(Key key) {
    bySession.computeIfPresent(
        key.session(), (session, keys) -> keys.remove(key) && keys.isEmpty() ? null : keys);
    return entries.remove(key);
  }
}
