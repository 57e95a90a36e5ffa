/**
 * When tokens are renewed: {@link dev.everbearer.renewal.RenewalPolicy}. The engine that acts on it
 * stands inside.
 */
@NullMarked
package dev.everbearer.renewal;

import org.jspecify.annotations.NullMarked;
