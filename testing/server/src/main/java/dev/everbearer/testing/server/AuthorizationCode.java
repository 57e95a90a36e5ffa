package dev.everbearer.testing.server;

import java.time.Instant;

/**
 * What a code stands for.
 *
 * @param family what comes from the login, to be revoked when the code is used again
 */
record AuthorizationCode(AuthorizationRequest request, TokenFamily family, Instant expiresAt) {}
