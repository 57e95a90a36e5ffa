package dev.everbearer.renewal.internal;

import dev.everbearer.protocol.IdTokenValidator;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.renewal.internal.rotation.Patience;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.TokenStore;
import dev.everbearer.token.TokenSet;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * What all grants of one client share.
 *
 * @param registration the name of the client registration
 * @param endpoint the token endpoint
 * @param profile how the server's deviations are taken
 * @param login asks a person
 * @param idTokens validates what comes with refreshed tokens
 * @param keys what tokens are bound to
 * @param store where the grants are kept
 * @param outbox where answers are kept until the store has them
 * @param patience how long each may take with a refresh token
 * @param onRotated hears of each new refresh token before its access token is used
 * @param exchanges caps the concurrent calls to the server
 * @param exchangeTimeout how long one call takes at most, and one given up may still be processed
 * @param rotations the exchanges that must not be lost
 * @param health what goes wrong beside the server
 * @param retries what the store did not take
 * @param lateRevoker revokes what comes after a logout
 * @param timing time and threads
 */
public record GrantContext(
    String registration,
    TokenEndpoint endpoint,
    ProviderProfile profile,
    LoginPort login,
    IdTokenValidator idTokens,
    KeyBinding keys,
    TokenStore store,
    Outbox outbox,
    Patience patience,
    Consumer<TokenSet> onRotated,
    Semaphore exchanges,
    Duration exchangeTimeout,
    Rotations rotations,
    Health health,
    StoreRetries retries,
    LateRevoker lateRevoker,
    Timing timing) {

  /** What is on its way into the store. */
  Uncommitted uncommitted() {
    return new Uncommitted(store, outbox, new Pause(timing));
  }
}
