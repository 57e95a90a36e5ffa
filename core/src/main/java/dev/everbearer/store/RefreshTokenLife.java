package dev.everbearer.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of how long a refresh token lives; by the store's clock.
 *
 * @param usedAt when the request was sent that brought it, or that it was last used for
 * @param end when it ends whatever is done, as the server stated; null when it did not
 */
public record RefreshTokenLife(Instant usedAt, @Nullable Instant end) {

  /** Rejects a null but for the end. */
  public RefreshTokenLife {
    Objects.requireNonNull(usedAt, "usedAt");
  }

  /**
   * Whether it is over by what is known.
   *
   * @param idleLimit after how long without use the server ends it; null when that is not known
   */
  public boolean isOver(Instant now, @Nullable Duration idleLimit) {
    boolean isPastEnd = end != null && !end.isAfter(now);
    return isPastEnd || (idleLimit != null && !usedAt.plus(idleLimit).isAfter(now));
  }
}
