/**
 * Tests of the scripted servers, as clients see them: through {@link java.net.http.HttpClient} and
 * through plain sockets.
 */
@NullMarked
package dev.everbearer.testing.server;

import org.jspecify.annotations.NullMarked;
