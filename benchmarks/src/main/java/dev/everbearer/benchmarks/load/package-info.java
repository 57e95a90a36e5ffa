/** Steady calls while tokens end and are renewed. */
@NullMarked
package dev.everbearer.benchmarks.load;

import org.jspecify.annotations.NullMarked;
