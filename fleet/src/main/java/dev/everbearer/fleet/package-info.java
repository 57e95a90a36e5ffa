/**
 * Many processes that share grants, and what may happen to them: killed, stopped, cut off from the
 * answers of a server that revokes a grant whose refresh token comes twice. {@link
 * dev.everbearer.fleet.Chaos} is the way in; each node is a process of its own ({@code NodeMain}),
 * and the server runs in the parent.
 */
@NullMarked
package dev.everbearer.fleet;

import org.jspecify.annotations.NullMarked;
