package dev.everbearer.testing.server;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who logged in, when and how.
 *
 * @param acr the authentication context class reference; null if nothing is said about it
 */
record Login(String subject, Instant authTime, @Nullable String acr) {}
