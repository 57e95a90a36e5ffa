/**
 * What tests of OAuth clients share, whatever they test against.
 *
 * <p>{@link dev.everbearer.testing.SettableClock} replaces the wall clock, the monotonic clock and
 * the scheduler by ones that move only when a test says so. {@link dev.everbearer.testing.Spec}
 * names the requirement that a test proves. The servers to test against are in {@link
 * dev.everbearer.testing.server}.
 */
@NullMarked
package dev.everbearer.testing;

import org.jspecify.annotations.NullMarked;
