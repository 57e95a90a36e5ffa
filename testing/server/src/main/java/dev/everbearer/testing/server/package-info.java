/**
 * A scripted authorization server and a protected API on real sockets, for tests of OAuth clients.
 *
 * <p>Left alone, {@link dev.everbearer.testing.server.ScriptedAuthorizationServer} is a small,
 * strict and correct authorization server, and {@link dev.everbearer.testing.server.ScriptedApi} is
 * an API that wants its tokens. A test then scripts what should go wrong with an {@link
 * dev.everbearer.testing.server.Answer}, from an error document to a connection that is reset in
 * the middle of a body, and afterwards reads what the client sent, byte for byte, as {@link
 * dev.everbearer.testing.server.RecordedRequest}s.
 *
 * <pre>{@code
 * try (var server = ScriptedAuthorizationServer.start();
 *     var api = ScriptedApi.protectedBy(server)) {
 *   server.registerClient("my-client", "my-secret");
 *   server.answerNext(Answer.reset(), Answer.status(503), Answer.healthy());
 *   // ... call api.uri("/orders") with the client under test ...
 *   assertEquals(3, server.tokenRequests().size());
 * }
 * }</pre>
 *
 * <p>With JUnit Jupiter, {@link dev.everbearer.testing.server.ScriptedServers} hands the servers to
 * test methods and closes them.
 */
@NullMarked
package dev.everbearer.testing.server;

import org.jspecify.annotations.NullMarked;
