/**
 * A real authorization server and a real protected API in this process, for a client to live with.
 *
 * <p>Both are Spring's own, configured and not imitated. {@link
 * dev.everbearer.demo.server.DemoServers} starts, troubles and stops them; each listens on its own
 * loopback port, so that they are two origins. {@code AuthorizationServerConfiguration} and {@code
 * ProtectedApiConfiguration} say what each of them is made of, and {@code LoopbackServer} runs one
 * such configuration. Between the two stands {@code AuthorizationLedger}: the one place where
 * tokens are kept, which the API asks about every token that it is shown.
 */
@NullMarked
package dev.everbearer.demo.server;

import org.jspecify.annotations.NullMarked;
