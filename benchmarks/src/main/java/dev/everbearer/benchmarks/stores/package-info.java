/** What a renewal costs through a store that many nodes share, with many grants in it. */
@NullMarked
package dev.everbearer.benchmarks.stores;

import org.jspecify.annotations.NullMarked;
