package dev.everbearer.benchmarks.stores;

import dev.everbearer.benchmarks.Scale;
import java.util.EnumMap;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs {@link StoredLookUpBenchmark}. */
final class StoredLookUps {

  private StoredLookUps() {}

  /** The nanoseconds of a look-up, by where the grant is kept. */
  static Map<StoreKind, Double> measure(Scale scale) throws RunnerException {
    TimeValue time = TimeValue.milliseconds(scale.iteration().toMillis());
    Map<StoreKind, Double> nanos = new EnumMap<>(StoreKind.class);
    for (RunResult result :
        new Runner(
                new OptionsBuilder()
                    .include(StoredLookUpBenchmark.class.getName() + "\\.")
                    .forks(scale.forks())
                    .warmupIterations(scale.iterations())
                    .measurementIterations(scale.iterations())
                    .warmupTime(time)
                    .measurementTime(time)
                    .shouldFailOnError(true)
                    .build())
            .run()) {
      nanos.put(
          StoreKind.valueOf(result.getParams().getParam("store")),
          result.getPrimaryResult().getScore());
    }
    return nanos;
  }
}
