/** Tests of what tests share. */
@NullMarked
package dev.everbearer.testing;

import org.jspecify.annotations.NullMarked;
