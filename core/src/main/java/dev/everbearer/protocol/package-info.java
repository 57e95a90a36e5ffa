/** One small class for each endpoint exchange, to be read beside its RFC. Not API. */
@NullMarked
package dev.everbearer.protocol;

import org.jspecify.annotations.NullMarked;
