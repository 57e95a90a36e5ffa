/**
 * The command {@code everbearer}. {@link dev.everbearer.cli.Everbearer} reads the arguments and
 * picks a command; each command writes its result, and nothing else, to standard output.
 */
@NullMarked
package dev.everbearer.cli;

import org.jspecify.annotations.NullMarked;
