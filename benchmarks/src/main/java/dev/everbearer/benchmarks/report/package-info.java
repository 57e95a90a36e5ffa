/** Writes what was measured: a page and a chart for each part, and the page that leads to them. */
@NullMarked
package dev.everbearer.benchmarks.report;

import org.jspecify.annotations.NullMarked;
