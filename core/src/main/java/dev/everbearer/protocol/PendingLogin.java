package dev.everbearer.protocol;

import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.Secret;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A login that a person has to decide about elsewhere (RFC 8628 section 3.2, CIBA Core section
 * 7.3).
 *
 * @param code what to ask the token endpoint with
 * @param life how long it waits, counted from the sending of the request; an hour at most
 * @param interval how long to wait between two questions
 * @param server who keeps it
 * @param sentAt when the request was sent, by the wall clock
 * @param sentNanos the same by the monotonic clock
 */
public record PendingLogin(
    Secret code,
    Duration life,
    Duration interval,
    AuthorizationServer server,
    Instant sentAt,
    long sentNanos) {

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

  /** Reads one; {@code codeName} names the member that has its code. */
  static PendingLogin read(
      String codeName, Map<String, Object> members, Exchange exchange, ObjectAnswer answer) {
    // 1. The code: opaque.
    if (!(members.get(codeName) instanceof String code)
        || code.isBlank()
        || code.chars().anyMatch(Character::isISOControl)) {
      throw answer.unusable("it has no " + codeName);
    }
    // 2. Its life, without which nobody would know when to stop.
    Duration life = ExpiresIn.read(members.get("expires_in")).life();
    if (life == null || life.isZero()) {
      throw answer.unusable("it has no expires_in above zero");
    }
    return new PendingLogin(
        Secret.of(code),
        life.compareTo(LONGEST) > 0 ? LONGEST : life,
        interval(members.get("interval")),
        exchange.server(),
        exchange.sentAt(),
        exchange.sentNanos());
  }

  /** The interval; what is no number above zero counts as left out. */
  private static Duration interval(@Nullable Object value) {
    Duration read = positiveSeconds(value);
    return read == null ? DEFAULT_INTERVAL : read;
  }

  /** A number of seconds, rounded up, an hour at most; null unless it is a number above zero. */
  static @Nullable Duration positiveSeconds(@Nullable Object value) {
    BigDecimal seconds = value instanceof String ? null : ExpiresIn.number(value);
    if (seconds == null || seconds.signum() <= 0) {
      return null;
    }
    if (seconds.compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) >= 0) {
      return LONGEST;
    }
    // Compared before it is rounded: a huge negative exponent would take for ever.
    return seconds.compareTo(BigDecimal.ONE) <= 0
        ? Duration.ofSeconds(1)
        : Duration.ofSeconds(seconds.setScale(0, RoundingMode.UP).longValueExact());
  }
}
