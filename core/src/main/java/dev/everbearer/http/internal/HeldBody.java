package dev.everbearer.http.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Drains the body of an answer that is about to be healed, and keeps it, so that the caller can
 * still have it when the renewal fails. A body that is too large or too slow is cancelled: the
 * connection is given up.
 */
final class HeldBody<T> implements BodySubscriber<Object> {

  private static final int MAX_BYTES = 256 * 1024;

  private final ResponseInfo head;
  private final BodyHandler<T> handler;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(); // read once it is whole
  private final CompletableFuture<Object> done = new CompletableFuture<>();
  private volatile boolean isWhole;
  private volatile Flow.@Nullable Subscription subscription;

  /**
   * Holds one body back.
   *
   * @param patience how long it may take to come in
   */
  HeldBody(ResponseInfo head, BodyHandler<T> handler, Duration patience) {
    this.head = head;
    this.handler = handler;
    CompletableFuture<?> unused =
        done.completeOnTimeout(this, patience.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete((body, error) -> cancelRest());
  }

  private void cancelRest() {
    Flow.Subscription rest = subscription;
    if (!isWhole && rest != null) {
      rest.cancel();
    }
  }

  @Override
  public CompletionStage<Object> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    if (subscription != null) {
      newSubscription.cancel();
      return;
    }
    subscription = newSubscription;
    if (done.isDone()) {
      newSubscription.cancel();
    } else {
      newSubscription.request(Long.MAX_VALUE);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (done.isDone()) {
        return;
      }
      keep(buffer);
    }
  }

  private void keep(ByteBuffer buffer) {
    if (kept.size() + buffer.remaining() > MAX_BYTES) {
      done.complete(this);
      return;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    kept.write(bytes, 0, bytes.length);
  }

  @Override
  public void onError(Throwable error) {
    // The answer's head said enough; that its body broke does not keep the call from healing.
    done.complete(this);
  }

  @Override
  public void onComplete() {
    if (!done.isDone()) {
      isWhole = true;
      done.complete(this);
    }
  }

  /** Feeds what was kept to the caller's own handler. */
  CompletionStage<T> replay() {
    BodySubscriber<T> subscriber = handler.apply(head);
    if (isWhole) {
      BodyPublishers.ofByteArray(kept.toByteArray()).subscribe(new OneByOne(subscriber));
    } else {
      subscriber.onSubscribe(new NoSubscription());
      subscriber.onError(
          new IOException(
              "The API answered %d, the token could not be replaced, and the body of the answer"
                      .formatted(head.statusCode())
                  + " was too large, too slow or too short to keep."));
    }
    return subscriber.getBody();
  }

  /** Adapts the platform's publisher, which minds demand and cancellation, to a subscriber. */
  private record OneByOne(BodySubscriber<?> subscriber) implements Flow.Subscriber<ByteBuffer> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      subscriber.onNext(List.of(buffer.asReadOnlyBuffer()));
    }

    @Override
    public void onError(Throwable error) {
      subscriber.onError(error);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }

  /** For a body that never comes. */
  private static final class NoSubscription implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }
}
