/** JMH benchmarks: each measures our thing beside the bare thing, in one run. */
@NullMarked
package dev.everbearer.benchmarks;

import org.jspecify.annotations.NullMarked;
