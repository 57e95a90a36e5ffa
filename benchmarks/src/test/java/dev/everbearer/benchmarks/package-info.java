@NullMarked
package dev.everbearer.benchmarks;

import org.jspecify.annotations.NullMarked;
