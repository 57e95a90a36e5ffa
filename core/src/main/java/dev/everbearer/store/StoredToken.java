package dev.everbearer.store;

import dev.everbearer.token.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An access token as it is stored.
 *
 * @param token the token
 * @param obtainedAt when its request was sent, by the store's clock
 * @param life how long it lives from there; null when the server did not say
 */
public record StoredToken(AccessToken token, Instant obtainedAt, @Nullable Duration life) {

  /** When it ends, by the store's clock; empty when the server did not say. */
  public Optional<Instant> end() {
    return Optional.ofNullable(life).map(obtainedAt::plus);
  }

  /** Whether its life is known and over; by the store's clock. */
  public boolean isOver(Instant now) {
    return life != null && !obtainedAt.plus(life).isAfter(now);
  }
}
