/** The databases that tests start themselves. */
@NullMarked
package dev.everbearer.testing.databases;

import org.jspecify.annotations.NullMarked;
