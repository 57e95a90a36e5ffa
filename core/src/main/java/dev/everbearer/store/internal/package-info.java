/** How stores keep their files. */
@NullMarked
package dev.everbearer.store.internal;

import org.jspecify.annotations.NullMarked;
