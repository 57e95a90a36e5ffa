package dev.everbearer.renewal.internal;

import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.RefreshTokenLife;
import dev.everbearer.token.TokenSet;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long refresh tokens live, as servers state it beside them. No specification has a member for
 * it; what cannot be read counts as not stated, and so does 0, by which Keycloak means no end.
 */
final class RefreshTokenLives {

  /** Keycloak's, the one of GitHub and others, QuickBooks', and those of a draft; in seconds. */
  private static final List<String> MEMBERS =
      List.of(
          "refresh_expires_in",
          "refresh_token_expires_in",
          "x_refresh_token_expires_in",
          "refresh_token_timeout",
          "authorization_expires_in");

  private static final BigDecimal LONGEST = BigDecimal.valueOf(Duration.ofDays(36_500).toSeconds());

  private RefreshTokenLives() {}

  /**
   * Of the refresh token to go on with after an answer.
   *
   * @param usedAt when the request was sent, by the store's clock
   */
  static RefreshTokenLife of(TokenSet answer, Instant usedAt) {
    Duration stated =
        MEMBERS.stream()
            .map(answer.extras()::get)
            .filter(Objects::nonNull)
            .flatMap(RefreshTokenLives::seconds)
            .min(Comparator.naturalOrder())
            .orElse(null);
    return new RefreshTokenLife(usedAt, stated == null ? null : usedAt.plus(stated));
  }

  private static Stream<Duration> seconds(Object value) {
    BigDecimal seconds = number(value);
    if (seconds == null || seconds.signum() <= 0 || seconds.compareTo(LONGEST) > 0) {
      return Stream.empty();
    }
    return Stream.of(Duration.ofSeconds(seconds.longValue()));
  }

  private static @Nullable BigDecimal number(Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    boolean isDigits = value instanceof String text && text.matches("\\d{1,10}");
    return isDigits ? new BigDecimal((String) value) : null;
  }

  /** In the record that an answer is written over: a token that stays keeps the end it has. */
  static @Nullable RefreshTokenLife of(GrantRecord answer, GrantRecord over) {
    RefreshTokenLife life = answer.refreshTokenLife().orElse(null);
    RefreshTokenLife before = over.refreshTokenLife().orElse(null);
    boolean isSame = answer.refreshToken().equals(over.refreshToken());
    return life != null && life.end() == null && before != null && isSame
        ? new RefreshTokenLife(life.usedAt(), before.end())
        : life;
  }
}
