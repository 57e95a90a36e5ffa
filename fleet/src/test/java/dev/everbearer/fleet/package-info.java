@NullMarked
package dev.everbearer.fleet;

import org.jspecify.annotations.NullMarked;
