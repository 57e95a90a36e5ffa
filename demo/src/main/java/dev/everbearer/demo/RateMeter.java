package dev.everbearer.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/** How much a counter grew in the last second. Used by one thread. */
final class RateMeter {

  private static final long SECOND = 1_000_000_000L;

  private record Sample(long moment, long count) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  RateMeter() {
    samples.add(new Sample(0, 0));
  }

  /** Takes the counter's value now, and gives its growth for one second. */
  long perSecond(long now, long count) {
    samples.addLast(new Sample(now, count));
    while (samples.size() > 2 && now - samples.getFirst().moment() > SECOND) {
      samples.removeFirst();
    }
    Sample first = samples.getFirst();
    long time = now - first.moment();
    return time <= 0 ? 0 : Math.round((count - first.count()) * (double) SECOND / time);
  }
}
