/** Tests of the command against scripted servers. */
@NullMarked
package dev.everbearer.cli;

import org.jspecify.annotations.NullMarked;
