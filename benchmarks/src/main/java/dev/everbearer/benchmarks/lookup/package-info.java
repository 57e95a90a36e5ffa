/** What it costs to look up a token that is in hand. */
@NullMarked
package dev.everbearer.benchmarks.lookup;

import org.jspecify.annotations.NullMarked;
