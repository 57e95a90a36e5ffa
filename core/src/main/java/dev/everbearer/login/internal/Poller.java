package dev.everbearer.login.internal;

import dev.everbearer.protocol.PendingLogin;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.renewal.internal.Pause;
import dev.everbearer.renewal.internal.Timing;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.SourceClosedException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Asks the token endpoint whether a person has decided, no oftener than the server allows (RFC 8628
 * section 3.5, CIBA Core section 11). For one login, on one thread; only {@link #wake} and {@link
 * #close} are for others.
 */
final class Poller implements AutoCloseable {

  private static final Duration SLOW_DOWN = Duration.ofSeconds(5);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(60);

  private final PendingLogin pending;
  private final Timing timing;
  private final Pause pause;
  private final Bell bell = new Bell();
  private final long expiresNanos;
  private final Instant expiresAt;
  private Duration interval;
  private @Nullable OAuthException lastTrouble;
  private volatile boolean isClosed;

  Poller(PendingLogin pending, Timing timing) {
    this.pending = pending;
    this.timing = timing;
    this.pause = new Pause(timing);
    this.interval = pending.interval();
    this.expiresNanos = pending.sentNanos() + pending.life().toNanos();
    this.expiresAt = pending.sentAt().plus(pending.life());
  }

  /** Asks once. */
  @FunctionalInterface
  interface Question {
    Answer ask() throws InterruptedException;
  }

  /**
   * The answer that brings tokens.
   *
   * @throws OAuthException when there is none: it is final
   * @throws InterruptedException when interrupted
   */
  Answer answer(Question question) throws InterruptedException {
    Duration wait = interval;
    while (true) {
      // 1. One interval before each question, the first included, from the end of the last answer.
      await(wait);
      try {
        return question.ask();
      } catch (OAuthException e) {
        // 2. What goes on, and how fast.
        wait = waitAfter(e);
      }
    }
  }

  private void await(Duration wait) throws InterruptedException {
    // A question after the end would be in vain, and so is waiting for it.
    boolean endsBefore = pause.now() + wait.toNanos() - expiresNanos >= 0;
    if (!endsBefore) {
      bell.await(pause, wait.toNanos());
    }
    if (isClosed) {
      throw new SourceClosedException();
    }
    // The monotonic clock may have stood still while the machine slept.
    if (endsBefore || !timing.wall().instant().isBefore(expiresAt)) {
      throw expired();
    }
  }

  private OAuthException expired() {
    String trouble =
        lastTrouble == null ? "" : " The last question failed: " + lastTrouble.getMessage();
    return LoginFailures.of(
        pending.server(),
        "nobody decided within %d s, and the code is over. Ask for a token again to log in once"
                .formatted(pending.life().toSeconds())
            + " more."
            + trouble,
        lastTrouble);
  }

  private Duration waitAfter(OAuthException answer) {
    Failure failure = answer.failure().orElse(null);
    String error = failure == null ? "" : failure.error().orElse("");
    Duration asked = failure == null ? null : failure.retryAfter().orElse(null);
    if (error.equals("authorization_pending")) {
      lastTrouble = null;
    } else if (error.equals("slow_down")) {
      interval = longer(interval.plus(SLOW_DOWN), asked);
      return interval;
    } else if (failure != null && passes(failure.kind())) {
      lastTrouble = answer;
      interval = longer(interval, shorter(interval.multipliedBy(2), LONGEST_BACK_OFF));
    } else {
      throw LoginFailures.ofAsking(pending.server(), answer);
    }
    return longer(interval, asked);
  }

  private static boolean passes(FailureKind kind) {
    return switch (kind) {
      case SERVER_TROUBLE, THROTTLED, NOT_CONNECTED, UNCLEAR -> true;
      case INVALID_GRANT, INVALID_CLIENT, REFUSED, UNTRUSTED_SERVER, MALFORMED -> false;
    };
  }

  private static Duration longer(Duration one, @Nullable Duration other) {
    return other == null || one.compareTo(other) >= 0 ? one : other;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /** Asks now rather than when the interval is over: the server has said that it is worth it. */
  void wake() {
    bell.ring();
  }

  /** Ends the wait. */
  @Override
  public void close() {
    isClosed = true;
    bell.ring();
  }
}
