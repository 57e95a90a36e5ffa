/**
 * Attaching tokens to requests, whatever the HTTP client: which origin gets which token, and what
 * to do with a 401. Start at {@link dev.everbearer.http.BearerAuthorizer}.
 */
@NullMarked
package dev.everbearer.http;

import org.jspecify.annotations.NullMarked;
