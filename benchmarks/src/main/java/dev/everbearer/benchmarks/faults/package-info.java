/** What callers feel while the token endpoint is in trouble. */
@NullMarked
package dev.everbearer.benchmarks.faults;

import org.jspecify.annotations.NullMarked;
