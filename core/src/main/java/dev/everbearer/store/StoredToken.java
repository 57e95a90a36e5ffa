package dev.everbearer.store;

import dev.everbearer.token.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An access token as it is stored.
 *
 * @param token the token
 * @param obtainedAt when its request was sent, by the store's clock
 * @param life how long it lives from there; empty when the server did not say
 */
@SuppressWarnings("OptionalUsedAsFieldOrParameterType") // A component that may be absent.
public record StoredToken(AccessToken token, Instant obtainedAt, Optional<Duration> life) {}
