/** Runs the demo in process, short and whole, and holds its reports against what must be true. */
@NullMarked
package dev.everbearer.demo;

import org.jspecify.annotations.NullMarked;
