package dev.everbearer.benchmarks.stores;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that do the same and are waited for. */
record Crew(int size) {

  /** What one of them does. */
  @FunctionalInterface
  interface Work {

    void by(int number) throws Exception;
  }

  static Crew of(int size) {
    return new Crew(size);
  }

  /** Ends when all have; what one of them throws is thrown. */
  void work(Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int number = i;
        all.add(
            threads.submit(
                () -> {
                  work.by(number);
                  return number;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
