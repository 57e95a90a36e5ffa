package dev.everbearer.renewal.internal.rotation;

import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.UnclearSend;
import org.jspecify.annotations.Nullable;

/**
 * What one has taken upon itself: to send a refresh token, once.
 *
 * @param owner who: an outbox, not a process
 * @param epoch of the lease
 * @param generation of the record that the token stood in
 * @param token the refresh token that is sent
 * @param attempt how often it was sent by anyone, this time included
 * @param before what was known of earlier attempts; null when there were none, or when it is not
 *     known any more
 */
public record Claim(
    String owner,
    long epoch,
    long generation,
    Fingerprint token,
    int attempt,
    @Nullable UnclearSend before) {}
