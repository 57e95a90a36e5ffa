package dev.everbearer.benchmarks.calls;

import dev.everbearer.benchmarks.Scale;
import dev.everbearer.benchmarks.report.Bars;
import dev.everbearer.benchmarks.report.Page;
import dev.everbearer.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The part that calls by a wrapped and by a bare client in turn. */
public final class WrappedCalls {

  /** An iteration needs so many of {@link Scale}'s to have a median. */
  private static final int LONGER = 3;

  /** The medians of one iteration, and their ratio. */
  private record Pair(double bare, double wrapped, double ratio) {}

  private WrappedCalls() {}

  /** Runs the paired calls of both HTTP clients. */
  public static Page measure(Scale scale) throws RunnerException {
    Map<String, List<Pair>> found = new LinkedHashMap<>();
    found.put("java.net.http", pairs(scale, PairedCallsBenchmark.class));
    found.put("OkHttp", pairs(scale, OkHttpPairedCallsBenchmark.class));
    return page(found);
  }

  private static List<Pair> pairs(Scale scale, Class<?> benchmark) throws RunnerException {
    TimeValue time = TimeValue.milliseconds(scale.iteration().multipliedBy(LONGER).toMillis());
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("\\." + benchmark.getSimpleName() + "\\.")
                    .forks(scale.forks())
                    .warmupIterations(scale.iterations())
                    .measurementIterations(scale.iterations())
                    .warmupTime(time)
                    .measurementTime(time)
                    .shouldFailOnError(true)
                    .build())
            .run();
    return results.stream()
        .flatMap(result -> result.getBenchmarkResults().stream())
        .flatMap(fork -> fork.getIterationResults().stream())
        .map(WrappedCalls::pair)
        .toList();
  }

  private static Pair pair(IterationResult iteration) {
    return new Pair(
        score(iteration, "bareMedianMicros"),
        score(iteration, "wrappedMedianMicros"),
        score(iteration, "wrappedOverBare"));
  }

  @SuppressWarnings("rawtypes") // As JMH hands them out.
  private static double score(IterationResult iteration, String name) {
    return iteration.getSecondaryResults().entrySet().stream()
        .filter(result -> result.getKey().endsWith(name))
        .mapToDouble(result -> result.getValue().getScore())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("No result " + name));
  }

  private static Page page(Map<String, List<Pair>> found) {
    List<String> ratios = new ArrayList<>();
    found.forEach(
        (name, pairs) ->
            ratios.add(String.format(Locale.ROOT, "%.3f (%s)", median(pairs, Pair::ratio), name)));
    return new Page(
        "A wrapped client",
        "Time of a call through a wrapped client, over one by the same client with a header written by hand: %s."
            .formatted(String.join(", ", ratios)),
        List.of(
            "One thread, plain HTTP/1.1 to a loopback server in the same process; each call builds its request."
                + " One call by each client in turn, so that whatever else the machine does strikes both alike;"
                + " each iteration has a median of each.",
            table(found)),
        chart(found));
  }

  private static String table(Map<String, List<Pair>> found) {
    Table table =
        new Table(
            "client", "iterations", "bare, µs", "wrapped, µs", "lowest ratio", "middle", "highest");
    found.forEach(
        (name, pairs) ->
            table.row(
                name,
                "" + pairs.size(),
                "%.1f".formatted(median(pairs, Pair::bare)),
                "%.1f".formatted(median(pairs, Pair::wrapped)),
                "%.3f".formatted(pairs.stream().mapToDouble(Pair::ratio).min().orElse(0)),
                "%.3f".formatted(median(pairs, Pair::ratio)),
                "%.3f".formatted(pairs.stream().mapToDouble(Pair::ratio).max().orElse(0))));
    return table.toString();
  }

  private static double median(List<Pair> pairs, ToDoubleFunction<Pair> what) {
    double[] sorted = pairs.stream().mapToDouble(what).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  private static Bars chart(Map<String, List<Pair>> found) {
    List<Bars.Group> groups = new ArrayList<>();
    found.forEach(
        (name, pairs) -> {
          Map<String, Double> bars = new LinkedHashMap<>();
          bars.put("bare", median(pairs, Pair::bare));
          bars.put("wrapped", median(pairs, Pair::wrapped));
          groups.add(new Bars.Group(name, bars));
        });
    return new Bars("A call, bare and wrapped", "Microseconds (median)", false, groups);
  }
}
