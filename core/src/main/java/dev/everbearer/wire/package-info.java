/**
 * How bytes travel to an authorization server and back: the transport with its caps and deadlines,
 * form encoding, strict JSON. Not API.
 */
@NullMarked
package dev.everbearer.wire;

import org.jspecify.annotations.NullMarked;
