package dev.everbearer.login.internal;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The logins that were finished, so that none is finished twice. Thread-safe. */
final class UsedStates {

  private static final int MAX = 10_000;

  private final Map<String, Instant> ends = new LinkedHashMap<>(); // guarded by this

  /** Whether this is the first use of a request. */
  synchronized boolean isFirstUse(PendingAuthorization pending, Instant now) {
    while (!ends.isEmpty()) {
      Map.Entry<String, Instant> oldest = ends.entrySet().iterator().next();
      if (ends.size() < MAX && oldest.getValue().isAfter(now)) {
        break;
      }
      ends.remove(oldest.getKey());
    }
    Instant end = now.plus(PendingAuthorization.LIFE.multipliedBy(2));
    return ends.putIfAbsent(pending.state(), end) == null;
  }
}
