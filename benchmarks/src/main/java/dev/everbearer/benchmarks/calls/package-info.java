/**
 * What a call through a wrapped client costs, beside the same client with a header written by hand.
 */
@NullMarked
package dev.everbearer.benchmarks.calls;

import org.jspecify.annotations.NullMarked;
