/**
 * Proves over real sockets what {@link dev.everbearer.demo.server.DemoServers} promises. {@code
 * Caller} is the plain HTTP client that the tests call with.
 */
@NullMarked
package dev.everbearer.demo.server;

import org.jspecify.annotations.NullMarked;
