package dev.everbearer.renewal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.RefreshTokenLife;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.TokenSet;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a refresh token was refused, by what servers say and what is known of the token. */
class RefusalsTest {

  private static final Instant USED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private static Reason reason(
      @Nullable String description,
      @Nullable RefreshTokenLife life,
      Duration later,
      @Nullable Duration idleLimit) {
    Failure failure =
        Failure.builder(FailureKind.INVALID_GRANT, "Refused.")
            .error("invalid_grant", description, null)
            .build();
    GrantRecord record = GrantRecord.absent().next().refreshTokenLife(life).build();
    return Refusals.reason(failure, new Snapshot(record, USED.plus(later)), idleLimit);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Keycloak
        "Token is not active | EXPIRED",
        "Refresh token expired | EXPIRED",
        "Stale token | REUSED",
        "Stale refresh token | REVOKED",
        "Maximum allowed refresh token reuse exceeded | REUSED",
        "Session not active | REFUSED",
        "Offline user session not found | REFUSED",
        "Client session not active | REFUSED",
        "Offline session invalid because offline access not granted anymore | REVOKED",
        "Session doesn't have required client | REFUSED",
        "Invalid refresh token | REFUSED",
        // Microsoft
        "AADSTS700082: The refresh token has expired due to inactivity. Trace ID: 1 | EXPIRED",
        "AADSTS50173: The provided grant has expired due to it being revoked. Log in. | REVOKED",
        "AADSTS65001: The user or administrator has not consented. | REFUSED",
        // Hydra: the sentence of the specification, and then what it was
        "The provided authorization grant (e.g., authorization code) or refresh token is invalid,"
            + " expired, revoked. The refresh token was already used. | REUSED",
        // Those that say several things at once say nothing
        "Token has been expired or revoked. | REFUSED",
        "The refresh token is invalid or expired. | REFUSED",
        "expired access/refresh token | REFUSED",
        "The refresh token passed is incorrect or expired. | REFUSED",
        "Unknown or invalid refresh token. | REFUSED",
        "The provided authorization grant is invalid, expired, revoked, does not match the"
            + " redirection URI used in the request, or was issued to another client. | REFUSED",
        "The token is not expired, but unknown. | REFUSED",
        // Others
        "Refresh Token has been revoked | REVOKED",
        "Refresh Token has expired | EXPIRED",
        "Refresh token reuse detected. All tokens have been revoked. | REUSED",
        "The refresh token has been redeemed; it was already redeemed. | REUSED",
        "'' | REFUSED",
      })
  void whatAServerSaysCountsWhereItNamesOneReason(String description, Reason reason) {
    assertThat(reason(description, null, HOUR, null)).isEqualTo(reason);
  }

  @Test
  @Spec("LC-10")
  void aStatedEndIsHeldAgainstTheClockOnlyOnceTheServerHasRefused() {
    RefreshTokenLife life = new RefreshTokenLife(USED, USED.plus(HOUR));
    assertThat(reason(null, life, HOUR.minusNanos(1), null)).isEqualTo(Reason.REFUSED);
    assertThat(reason(null, life, HOUR, null)).isEqualTo(Reason.EXPIRED);
    assertThat(reason("invalid or expired", life, HOUR, null)).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void aSessionThatIsOverBeforeItsStatedEndWasEnded() {
    RefreshTokenLife life = new RefreshTokenLife(USED, USED.plus(HOUR));
    Duration before = HOUR.minusNanos(1);
    assertThat(reason("Session not active", life, before, null)).isEqualTo(Reason.REVOKED);
    assertThat(reason("Client session not active", life, before, null)).isEqualTo(Reason.REVOKED);
    assertThat(reason("Session not active", life, HOUR, null)).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void anIdleLimitCountsFromTheLastUse() {
    RefreshTokenLife life = new RefreshTokenLife(USED, null);
    assertThat(reason(null, life, HOUR.minusNanos(1), HOUR)).isEqualTo(Reason.REFUSED);
    assertThat(reason(null, life, HOUR, HOUR)).isEqualTo(Reason.EXPIRED);
    assertThat(reason(null, null, HOUR, HOUR)).isEqualTo(Reason.REFUSED);
  }

  @Test
  void whatTheServerSaysGoesBeforeWhatTheClockSays() {
    RefreshTokenLife life = new RefreshTokenLife(USED, USED.plus(HOUR));
    assertThat(reason("It was revoked.", life, HOUR, null)).isEqualTo(Reason.REVOKED);
    assertThat(reason("It has expired.", life, Duration.ZERO, null)).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void withoutAnAnswerNothingIsSaid() {
    Snapshot now = new Snapshot(GrantRecord.absent(), USED);
    assertThat(Refusals.reason(null, now, HOUR)).isEqualTo(Reason.REFUSED);
  }

  private static @Nullable Instant end(Map<String, Object> extras) {
    TokenSet tokens = TokenSet.builder(AccessToken.bearer("a")).extras(extras).build();
    return RefreshTokenLives.of(tokens, USED).end();
  }

  @Test
  @Spec({"LC-10", "PQ-23"})
  void theStatedLifeIsReadAndZeroOrNonsenseIsNone() {
    BigDecimal hour = BigDecimal.valueOf(3600);
    assertThat(end(Map.of("refresh_expires_in", hour))).isEqualTo(USED.plus(HOUR));
    assertThat(end(Map.of("refresh_token_expires_in", "3600"))).isEqualTo(USED.plus(HOUR));
    assertThat(end(Map.of("refresh_token_timeout", hour, "authorization_expires_in", "7200")))
        .isEqualTo(USED.plus(HOUR));
    assertThat(end(Map.of("refresh_expires_in", BigDecimal.ZERO))).isNull();
    assertThat(end(Map.of("refresh_expires_in", BigDecimal.valueOf(-1)))).isNull();
    assertThat(end(Map.of("refresh_expires_in", new BigDecimal("1e999999999")))).isNull();
    assertThat(end(Map.of("refresh_expires_in", "soon"))).isNull();
    assertThat(end(Map.of("refresh_expires_in", Map.of()))).isNull();
    assertThat(end(Map.of())).isNull();
  }
}
