/** The adapter for {@code java.net.http.HttpClient}. Not API. */
@NullMarked
package dev.everbearer.http.internal;

import org.jspecify.annotations.NullMarked;
