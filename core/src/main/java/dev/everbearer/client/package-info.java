/**
 * How a client proves who it is to an authorization server. Start at {@link
 * dev.everbearer.client.ClientAuthentication}.
 */
@NullMarked
package dev.everbearer.client;

import org.jspecify.annotations.NullMarked;
