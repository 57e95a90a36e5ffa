/** Runs the examples. */
@NullMarked
package dev.everbearer.examples;

import org.jspecify.annotations.NullMarked;
