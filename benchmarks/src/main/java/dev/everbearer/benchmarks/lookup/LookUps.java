package dev.everbearer.benchmarks.lookup;

import dev.everbearer.benchmarks.Scale;
import dev.everbearer.benchmarks.clients.Peer;
import dev.everbearer.benchmarks.report.Bars;
import dev.everbearer.benchmarks.report.Page;
import dev.everbearer.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The part that looks tokens up. */
public final class LookUps {

  private static final List<Integer> THREADS = List.of(1, 4);
  private static final String ALLOCATION = "gc.alloc.rate.norm";
  private static final String BASELINE = "System.nanoTime()";

  /** What JMH found about one look-up. */
  private record Cost(double nanos, double error, double bytes) {

    String time() {
      return Double.isNaN(error)
          ? "%,.1f".formatted(nanos)
          : "%,.1f ± %,.1f".formatted(nanos, error);
    }
  }

  private LookUps() {}

  /** Runs {@link LookUpBenchmark} by one thread and by four. */
  public static Page measure(Scale scale) throws RunnerException {
    Map<Integer, Map<String, Cost>> costs = new LinkedHashMap<>();
    for (int threads : THREADS) {
      costs.put(threads, costs(scale, threads));
    }
    return page(costs);
  }

  private static Map<String, Cost> costs(Scale scale, int threads) throws RunnerException {
    TimeValue time = TimeValue.milliseconds(scale.iteration().toMillis());
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(LookUpBenchmark.class.getName() + "\\.")
                    .threads(threads)
                    .forks(scale.forks())
                    .warmupIterations(scale.iterations())
                    .measurementIterations(scale.iterations())
                    .warmupTime(time)
                    .measurementTime(time)
                    .addProfiler(GCProfiler.class)
                    .shouldFailOnError(true)
                    .build())
            .run();
    Map<String, Cost> costs = new LinkedHashMap<>();
    results.forEach(result -> costs.put(name(result), cost(result)));
    return costs;
  }

  private static String name(RunResult result) {
    String client = result.getParams().getParam("client");
    if (client == null) {
      return BASELINE;
    }
    for (Peer peer : Peer.values()) {
      if (peer.name().equals(client)) {
        return peer.title();
      }
    }
    return client;
  }

  private static Cost cost(RunResult result) {
    Result<?> time = result.getPrimaryResult();
    Result<?> allocation = result.getSecondaryResults().get(ALLOCATION);
    return new Cost(
        time.getScore(), time.getScoreError(), allocation == null ? 0 : allocation.getScore());
  }

  private static Page page(Map<Integer, Map<String, Cost>> costs) {
    List<String> blocks = new ArrayList<>();
    blocks.add(
        "A token is in hand and fresh. Each client is asked by its usual call: `TokenSource.token()`,"
            + " `OAuth2AuthorizedClientManager.authorize(request)` with a request that is built once,"
            + " `UserCredentials.getRequestMetadata(uri)`, `ConfidentialClientApplication.acquireToken(parameters).get()`.");
    costs.forEach((threads, found) -> blocks.add(table(threads, found)));
    blocks.add(
        "Mean of JMH's iterations with its 99.9 % error. Bytes below 0.1 are the profiler's noise: nothing is allocated.");
    Map<String, Cost> single = costs.getOrDefault(1, Map.of());
    return new Page("A look-up", finding(single), blocks, chart(costs));
  }

  private static String table(int threads, Map<String, Cost> found) {
    Table table =
        new Table(
            threads == 1 ? "one thread" : threads + " threads",
            "ns/look-up",
            "x clock read",
            "bytes");
    double baseline = baseline(found);
    found.forEach(
        (name, cost) ->
            table.row(
                name.equals(BASELINE) ? "`" + BASELINE + "`" : name,
                cost.time(),
                "%,.2f".formatted(cost.nanos() / baseline),
                cost.bytes() < 0.1 ? "0" : "%,.0f".formatted(cost.bytes())));
    return table.toString();
  }

  private static double baseline(Map<String, Cost> found) {
    Cost baseline = found.get(BASELINE);
    return baseline == null ? Double.NaN : baseline.nanos();
  }

  private static String finding(Map<String, Cost> found) {
    Cost ours = found.get(Peer.EVERBEARER.title());
    return ours == null
        ? "Nothing was measured."
        : String.format(
            Locale.ROOT,
            "To look up a token that is in hand takes %.1f ns, %.2f times a bare read of the clock, and allocates %.0f bytes.",
            ours.nanos(),
            ours.nanos() / baseline(found),
            ours.bytes());
  }

  private static Bars chart(Map<Integer, Map<String, Cost>> costs) {
    Map<String, Map<String, Double>> groups = new LinkedHashMap<>();
    costs.forEach(
        (threads, found) ->
            found.forEach(
                (name, cost) ->
                    groups
                        .computeIfAbsent(name, ignored -> new LinkedHashMap<>())
                        .put(threads + (threads == 1 ? " thread" : " threads"), cost.nanos())));
    return new Bars(
        "A look-up of a token in hand",
        "Nanoseconds (logarithmic)",
        true,
        groups.entrySet().stream().map(e -> new Bars.Group(e.getKey(), e.getValue())).toList());
  }
}
