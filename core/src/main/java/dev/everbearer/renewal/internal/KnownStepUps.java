package dev.everbearer.renewal.internal;

import dev.everbearer.challenge.StepUp;
import java.util.HashSet;
import java.util.Set;

/**
 * The different things that were wanted beyond a token. For each of them a grant is kept, so there
 * is a bound to what an API can make up. Thread-safe.
 */
public final class KnownStepUps {

  /** How many there may be. */
  public static final int MAX = 100;

  private final Set<StepUp> known = new HashSet<>(); // guarded by this

  /** Whether this was wanted before, or there is room for one more. */
  public synchronized boolean admits(StepUp wanted) {
    return known.contains(wanted) || (known.size() < MAX && known.add(wanted));
  }
}
