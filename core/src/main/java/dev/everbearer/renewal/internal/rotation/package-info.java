/**
 * How a refresh token that rotates is never lost, by however many it is renewed at once: pure
 * functions from the record of a grant to the next one. {@link
 * dev.everbearer.renewal.internal.rotation.NextStep} says what to do, {@link
 * dev.everbearer.renewal.internal.rotation.Settlement} what an answer, a refusal or silence makes
 * of it.
 */
@NullMarked
package dev.everbearer.renewal.internal.rotation;

import org.jspecify.annotations.NullMarked;
