package dev.everbearer.http.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Drains the body of a 401 that is about to be healed, and keeps it, so that the caller can still
 * have it when the renewal fails. A body over the cap is cancelled: the connection is given up.
 */
final class HeldBody<T> implements BodySubscriber<AnsweredBody<T>> {

  private static final int MAX_BYTES = 256 * 1024;

  private final ResponseInfo head;
  private final BodyHandler<T> handler;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final CompletableFuture<AnsweredBody<T>> done = new CompletableFuture<>();
  private boolean isTooLarge;
  private Flow.@Nullable Subscription subscription;

  HeldBody(ResponseInfo head, BodyHandler<T> handler) {
    this.head = head;
    this.handler = handler;
  }

  @Override
  public CompletionStage<AnsweredBody<T>> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (kept.size() + buffer.remaining() > MAX_BYTES) {
        giveUp();
        return;
      }
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      kept.write(bytes, 0, bytes.length);
    }
  }

  private void giveUp() {
    isTooLarge = true;
    if (subscription != null) {
      subscription.cancel();
    }
    onComplete();
  }

  @Override
  public void onError(Throwable error) {
    done.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    done.complete(AnsweredBody.held(this::replay));
  }

  /** Feeds what was kept to the caller's own handler. */
  private CompletionStage<T> replay() {
    BodySubscriber<T> subscriber = handler.apply(head);
    subscriber.onSubscribe(new NoSubscription());
    if (isTooLarge) {
      subscriber.onError(
          new IOException(
              "The API refused the token with 401, no other could be had, and the body of its"
                  + " answer was too large to keep."));
      return subscriber.getBody();
    }
    if (kept.size() > 0) {
      subscriber.onNext(List.of(ByteBuffer.wrap(kept.toByteArray()).asReadOnlyBuffer()));
    }
    subscriber.onComplete();
    return subscriber.getBody();
  }

  /** Everything is there already; demand changes nothing. */
  private static final class NoSubscription implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }
}
