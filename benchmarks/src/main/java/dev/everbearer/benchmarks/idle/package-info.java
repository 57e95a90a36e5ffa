/** What a source costs that nobody asks. */
@NullMarked
package dev.everbearer.benchmarks.idle;

import org.jspecify.annotations.NullMarked;
