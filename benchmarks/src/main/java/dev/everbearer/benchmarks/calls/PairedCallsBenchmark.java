package dev.everbearer.benchmarks.calls;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The same two clients as {@link WrappedClientBenchmark}, call by call in turn, so that whatever
 * else the machine does strikes both alike. Reports the median of each, and their ratio.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 8, time = 5)
@Fork(3)
@State(Scope.Benchmark)
public class PairedCallsBenchmark {

  /** The medians of one iteration; public for the harness. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Medians {

    private static final int MAX_CALLS = 1_000_000;

    private final long[] bare = new long[MAX_CALLS];
    private final long[] wrapped = new long[MAX_CALLS];
    private int calls;

    /** Forgets the iteration before. */
    @Setup(Level.Iteration)
    public void reset() {
      calls = 0;
    }

    void add(long bareNanos, long wrappedNanos) {
      if (calls < MAX_CALLS) {
        bare[calls] = bareNanos;
        wrapped[calls++] = wrappedNanos;
      }
    }

    /** The median call of the bare client, in microseconds. */
    public double bareMedianMicros() {
      return median(bare);
    }

    /** The median call of the wrapped client, in microseconds. */
    public double wrappedMedianMicros() {
      return median(wrapped);
    }

    /** The wrapped median over the bare one. */
    public double wrappedOverBare() {
      return median(wrapped) / median(bare);
    }

    private double median(long[] nanos) {
      long[] sorted = Arrays.copyOf(nanos, calls);
      Arrays.sort(sorted);
      return calls == 0 ? 0 : sorted[calls / 2] / 1000.0;
    }
  }

  private boolean isWrappedFirst;

  /** One call of each, the other one first each time. */
  @Benchmark
  public int pair(WrappedClientBenchmark clients, Medians medians)
      throws IOException, InterruptedException {
    isWrappedFirst = !isWrappedFirst;
    long start = System.nanoTime();
    String first = isWrappedFirst ? clients.wrappedClient() : clients.fixedHeader();
    long between = System.nanoTime();
    String second = isWrappedFirst ? clients.fixedHeader() : clients.wrappedClient();
    long end = System.nanoTime();
    long one = between - start;
    long other = end - between;
    medians.add(isWrappedFirst ? other : one, isWrappedFirst ? one : other);
    return first.length() + second.length();
  }
}
