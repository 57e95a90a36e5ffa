/**
 * What a protected resource says when it refuses: the {@code WWW-Authenticate} challenges of RFC
 * 9110 section 11 and RFC 6750 section 3. Start at {@link dev.everbearer.challenge.Challenge}.
 */
@NullMarked
package dev.everbearer.challenge;

import org.jspecify.annotations.NullMarked;
