@NullMarked
package dev.everbearer.benchmarks.stores;

import org.jspecify.annotations.NullMarked;
