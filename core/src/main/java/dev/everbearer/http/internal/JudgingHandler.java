package dev.everbearer.http.internal;

import dev.everbearer.http.Attempt;
import dev.everbearer.http.Decision;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;

/** Judges an answer as soon as its header is there, and holds its body back if it is not final. */
final class JudgingHandler<T> implements BodyHandler<AnsweredBody<T>> {

  private final Attempt attempt;
  private final BodyHandler<T> handler;
  private volatile Decision decision = new Decision.Done();

  JudgingHandler(Attempt attempt, BodyHandler<T> handler) {
    this.attempt = attempt;
    this.handler = handler;
  }

  @Override
  public BodySubscriber<AnsweredBody<T>> apply(ResponseInfo head) {
    decision =
        attempt.judge(
            head.statusCode(),
            head.headers().allValues("WWW-Authenticate"),
            head.headers().firstValue("Location").orElse(null));
    return decision instanceof Decision.Done
        ? BodySubscribers.mapping(handler.apply(head), AnsweredBody::handedOver)
        : new HeldBody<>(head, handler);
  }

  /** What was decided on the answer; final once the answer is there. */
  Decision decision() {
    return decision;
  }
}
