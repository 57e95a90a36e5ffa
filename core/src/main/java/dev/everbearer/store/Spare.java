package dev.everbearer.store;

import dev.everbearer.token.Secret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A second refresh token that came for the same parent as the one in use, when that was sent twice.
 * Which of the two the server takes is known only when one is refused.
 *
 * @param token the refresh token
 * @param keyThumbprint of the key that it is bound to; null when it is bound to none
 * @param attempt of the request that it was the answer to
 */
public record Spare(Secret token, @Nullable String keyThumbprint, int attempt) {

  /** Rejects a null token. */
  public Spare {
    Objects.requireNonNull(token, "token");
  }
}
