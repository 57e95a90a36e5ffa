package dev.everbearer.http.internal;

import dev.everbearer.http.Attempt;
import dev.everbearer.http.Decision;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;

/** Judges an answer as soon as its header is there, and holds its body back if it is not final. */
final class JudgingHandler<T> implements BodyHandler<AnsweredBody<T>> {

  /** The body of a refusal is short; one that trickles in must not eat up the caller's time. */
  private static final Duration LONGEST_BODY = Duration.ofSeconds(1);

  private final Attempt attempt;
  private final BodyHandler<T> handler;
  private volatile Decision decision = new Decision.Done();

  JudgingHandler(Attempt attempt, BodyHandler<T> handler) {
    this.attempt = attempt;
    this.handler = handler;
  }

  @Override
  public BodySubscriber<AnsweredBody<T>> apply(ResponseInfo head) {
    decision = attempt.judge(head.statusCode(), head.headers()::allValues);
    return decision instanceof Decision.Done
        ? BodySubscribers.mapping(handler.apply(head), AnsweredBody::handedOver)
        : new HeldBody<>(head, handler, patience());
  }

  private Duration patience() {
    Duration left = attempt.timeLeft();
    return left.compareTo(LONGEST_BODY) < 0 ? left : LONGEST_BODY;
  }

  /** What was decided on the answer; final once the answer is there. */
  Decision decision() {
    return decision;
  }
}
