/** How an authorization server's metadata is found and kept. Not API. */
@NullMarked
package dev.everbearer.server.internal;

import org.jspecify.annotations.NullMarked;
