package dev.everbearer.benchmarks;

import dev.everbearer.benchmarks.report.Page;

/** One thing that is measured. */
@FunctionalInterface
interface Part {

  Page measure(Scale scale) throws Exception;
}
