package dev.everbearer.benchmarks.load;

import dev.everbearer.benchmarks.clients.BearerApi;
import dev.everbearer.benchmarks.clients.Pace;
import dev.everbearer.benchmarks.clients.TokenClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Calls by one client from many threads, each at its pace. */
final class LoadRun {

  private static final Duration STEP = Duration.ofMillis(20);
  private static final int DIGITS = 3;

  private final BearerApi api;
  private final TokenClient client;
  private final Histogram nanos = new ConcurrentHistogram(DIGITS);
  private final LongAdder refused = new LongAdder();
  private final LongAdder broken = new LongAdder();

  LoadRun(BearerApi api, TokenClient client) {
    this.api = api;
    this.client = client;
  }

  /** Calls for a while and forgets it. */
  void warmUp(int threads, Duration time) throws Exception {
    run(threads, time);
    nanos.reset();
    refused.reset();
    broken.reset();
  }

  void run(int threads, Duration time) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(threads);
    Pace pace = new Pace(STEP);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(callers.submit(() -> call(pace, pace.countIn(time))));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      callers.shutdownNow();
    }
  }

  private void call(Pace pace, int calls) {
    for (int i = 0; i < calls; i++) {
      pace.await(i);
      long start = System.nanoTime();
      callOnce();
      // A call that blocks keeps others from being made: they count as having waited, too.
      nanos.recordValueWithExpectedInterval(System.nanoTime() - start, STEP.toNanos());
    }
  }

  private void callOnce() {
    try {
      if (api.call(client.authorization()) != 200) {
        refused.increment();
      }
    } catch (Exception e) {
      broken.increment();
    }
  }

  long calls() {
    return nanos.getTotalCount();
  }

  /** The latency that this share of the calls kept below, in milliseconds. */
  double millis(double percentile) {
    return nanos.getValueAtPercentile(percentile) / 1e6;
  }

  /** How many calls the API refused: their tokens were over. */
  long refused() {
    return refused.sum();
  }

  /** How many calls had no answer. */
  long broken() {
    return broken.sum();
  }
}
