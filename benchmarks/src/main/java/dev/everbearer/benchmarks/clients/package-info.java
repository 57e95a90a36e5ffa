/** The clients that are measured beside each other, each in its own words. */
@NullMarked
package dev.everbearer.benchmarks.clients;

import org.jspecify.annotations.NullMarked;
