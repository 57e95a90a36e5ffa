/**
 * Tokens and what can be said of them: the {@link dev.everbearer.token.AccessToken} on the wire,
 * the {@link dev.everbearer.token.TokenSource} that hands it out, the errors and the events.
 */
@NullMarked
package dev.everbearer.token;

import org.jspecify.annotations.NullMarked;
