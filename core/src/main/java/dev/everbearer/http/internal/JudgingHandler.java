package dev.everbearer.http.internal;

import dev.everbearer.http.Attempt;
import dev.everbearer.http.Decision;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Judges an answer as soon as its header is there. A final answer's body goes straight to the
 * caller's own subscriber: a mapped one would cost each call a hop to another thread. Any other
 * body is held back, which is why the type of the body is left open.
 */
final class JudgingHandler<T> implements BodyHandler<Object> {

  /** The body of a refusal is short; one that trickles in must not eat up the caller's time. */
  private static final Duration LONGEST_BODY = Duration.ofSeconds(1);

  private final Attempt attempt;
  private final BodyHandler<T> handler;
  private volatile Decision decision = new Decision.Done();
  private volatile @Nullable HeldBody<T> held;

  JudgingHandler(Attempt attempt, BodyHandler<T> handler) {
    this.attempt = attempt;
    this.handler = handler;
  }

  @Override
  public BodySubscriber<Object> apply(ResponseInfo head) {
    decision = attempt.judge(head.statusCode(), head.headers()::allValues);
    if (decision instanceof Decision.Done) {
      return opened(handler).apply(head);
    }
    HeldBody<T> body = new HeldBody<>(head, handler, patience());
    held = body;
    return body;
  }

  /** The same handler, without the type of its body. */
  @SuppressWarnings("unchecked") // Nobody but bodyOf and the adapted push promises reads the body.
  static <T> BodyHandler<Object> opened(BodyHandler<T> handler) {
    return (BodyHandler<Object>) (BodyHandler<?>) handler;
  }

  private Duration patience() {
    Duration left = attempt.timeLeft();
    return left.compareTo(LONGEST_BODY) < 0 ? left : LONGEST_BODY;
  }

  /** What was decided on the answer; final once the answer is there. */
  Decision decision() {
    return decision;
  }

  /** The body for the caller, who made the handler and so its type. */
  @SuppressWarnings("unchecked")
  CompletionStage<@Nullable T> bodyOf(HttpResponse<Object> response) {
    HeldBody<T> body = held;
    return body != null ? body.replay() : CompletableFuture.completedFuture((T) response.body());
  }
}
