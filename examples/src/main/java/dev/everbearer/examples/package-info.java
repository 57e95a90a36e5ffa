/**
 * Small programs to read and to start from. {@link dev.everbearer.examples.ThreeStepsByHand} does
 * what OAuth asks of a client step by step; {@link dev.everbearer.examples.ThreeStatements} leaves
 * that to Everbearer.
 */
@NullMarked
package dev.everbearer.examples;

import org.jspecify.annotations.NullMarked;
