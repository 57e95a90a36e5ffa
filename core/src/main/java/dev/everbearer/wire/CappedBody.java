package dev.everbearer.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Collects a body up to a cap; beyond it the stream is aborted. */
final class CappedBody implements HttpResponse.BodySubscriber<byte[]> {

  /** The body went over the cap. */
  static final class TooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;

    TooLargeException(int status, int cap) {
      super("the body is over " + cap + " bytes");
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private final int status;
  private final int cap;
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  CappedBody(int status, int cap) {
    this.status = status;
    this.cap = cap;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    if (subscription != null) {
      newSubscription.cancel();
      return;
    }
    subscription = newSubscription;
    newSubscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (body.isDone()) {
        return;
      }
      byte[] bytes = new byte[Math.min(buffer.remaining(), cap + 1 - collected.size())];
      buffer.get(bytes);
      collected.write(bytes, 0, bytes.length);
      if (collected.size() > cap) {
        abort();
      }
    }
  }

  private void abort() {
    if (subscription != null) {
      subscription.cancel();
    }
    body.completeExceptionally(new TooLargeException(status, cap));
  }

  @Override
  public void onError(Throwable error) {
    body.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    body.complete(collected.toByteArray());
  }
}
