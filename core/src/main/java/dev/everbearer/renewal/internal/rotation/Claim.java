package dev.everbearer.renewal.internal.rotation;

import dev.everbearer.store.Fingerprint;

/**
 * What one has taken upon itself: to send a refresh token, once.
 *
 * @param owner who: an outbox, not a process
 * @param epoch of the lease
 * @param generation of the record that the token stood in
 * @param token the refresh token that is sent
 * @param attempt how often it was sent by anyone, this time included
 */
public record Claim(String owner, long epoch, long generation, Fingerprint token, int attempt) {}
