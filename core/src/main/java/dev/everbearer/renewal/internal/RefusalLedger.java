package dev.everbearer.renewal.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the renewals that refusals force: at most three a minute for each API, so that one that
 * always refuses cannot make us storm the authorization server. Not thread-safe.
 */
final class RefusalLedger {

  private static final int MAX_PER_WINDOW = 3;
  private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_APIS = 1000;

  private final Map<String, Deque<Long>> renewals = new HashMap<>();

  /** Takes one of the renewals that an API may still force now. */
  boolean tryAcquire(String api, long now) {
    if (renewals.size() >= MAX_APIS) {
      renewals.values().removeIf(times -> now - times.getLast() > WINDOW);
    }
    Deque<Long> times = renewals.computeIfAbsent(api, ignored -> new ArrayDeque<>());
    while (!times.isEmpty() && now - times.getFirst() > WINDOW) {
      times.removeFirst();
    }
    if (times.size() >= MAX_PER_WINDOW) {
      return false;
    }
    times.addLast(now);
    return true;
  }
}
