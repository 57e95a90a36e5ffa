/** Measures our thing beside other clients and beside the bare thing, in one run. */
@NullMarked
package dev.everbearer.benchmarks;

import org.jspecify.annotations.NullMarked;
