/** The front door. */
@NullMarked
package dev.everbearer;

import org.jspecify.annotations.NullMarked;
