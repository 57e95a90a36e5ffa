/**
 * The authorization server: what it is ({@link dev.everbearer.server.AuthorizationServer}) and what
 * it does beyond or against the specifications ({@link dev.everbearer.server.ProviderProfile}).
 */
@NullMarked
package dev.everbearer.server;

import org.jspecify.annotations.NullMarked;
