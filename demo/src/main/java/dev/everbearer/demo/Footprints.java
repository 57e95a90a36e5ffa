package dev.everbearer.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the process holds at the start, in the middle and at the end of a run. Growth is taken from
 * the middle on: before it classes are loaded and pools filled. So a run of less than a minute has
 * no middle, and is not judged.
 *
 * @param start before the first call of the run
 * @param middle half way; null when the run is too short for one
 * @param end after the last call
 * @param maxThreads the most threads at once, those that make the calls left out
 */
record Footprints(Footprint start, @Nullable Footprint middle, Footprint end, int maxThreads) {

  /** How much the heap may grow from the middle to the end, in bytes. */
  static final long MAX_HEAP_GROWTH = 16L * 1024 * 1024;

  /** How many threads more there may be at the end than in the middle. */
  static final int MAX_MORE_THREADS = 16;

  /** What grew beyond its bound, in words; empty when all is steady. */
  Optional<String> growth() {
    if (middle == null) {
      return Optional.empty();
    }
    List<String> grown = new ArrayList<>();
    long heap = end.heap() - middle.heap();
    if (heap > MAX_HEAP_GROWTH) {
      grown.add("the heap grew by %.1f MiB".formatted(Footprint.mebibytes(heap)));
    }
    int threads = end.threads() - middle.threads();
    if (threads > MAX_MORE_THREADS) {
      grown.add("there are %d threads more".formatted(threads));
    }
    return grown.isEmpty() ? Optional.empty() : Optional.of(String.join(", and ", grown));
  }
}
