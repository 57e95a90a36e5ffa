/**
 * The engine: {@code Lifecycle} is the heart, one pure function that decides everything; {@code
 * ManagedTokenSource} carries its decisions out; {@code GrantRenewer} is one renewal. Not API.
 */
@NullMarked
package dev.everbearer.renewal.internal;

import org.jspecify.annotations.NullMarked;
