package dev.everbearer.demo;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/**
 * What the process holds at one moment: servers, client and callers are one process.
 *
 * @param heap bytes in use after a garbage collection
 * @param threads live platform threads, those that make the calls left out
 */
record Footprint(long heap, int threads) {

  private static final double MEBIBYTE = 1024.0 * 1024;

  static Footprint now() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !Load.isCaller(thread))
            .count();
    return new Footprint(memory.getHeapMemoryUsage().getUsed(), (int) threads);
  }

  /** From here on a new peak is kept. */
  static void forgetPeak() {
    ManagementFactory.getThreadMXBean().resetPeakThreadCount();
  }

  /** The most threads at once since then, those that make the calls included. */
  static int peakThreads() {
    return ManagementFactory.getThreadMXBean().getPeakThreadCount();
  }

  double mebibytes() {
    return mebibytes(heap);
  }

  static double mebibytes(long bytes) {
    return bytes / MEBIBYTE;
  }

  String line() {
    return "heap after GC %.1f MiB, %d threads".formatted(mebibytes(), threads);
  }
}
