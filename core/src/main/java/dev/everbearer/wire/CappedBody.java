package dev.everbearer.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Collects a body up to a cap; beyond it the stream is aborted. The response is there with the head
 * already, and whoever has it awaits the rest.
 */
final class CappedBody implements HttpResponse.BodySubscriber<CappedBody> {

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
  private volatile Flow.@Nullable Subscription subscription;

  CappedBody(int status, int cap) {
    this.status = status;
    this.cap = cap;
  }

  @Override
  public CompletionStage<CappedBody> getBody() {
    return CompletableFuture.completedStage(this);
  }

  /**
   * The whole body. Where it does not come, the connection is given up.
   *
   * @throws IOException when the stream ended before it, or it is over the cap
   * @throws TimeoutException when the time is over
   * @throws InterruptedException when interrupted
   */
  byte[] await(Duration longest) throws IOException, TimeoutException, InterruptedException {
    try {
      return body.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } finally {
      giveUp(new IOException("the body was not waited for"));
    }
  }

  /** Does nothing once the body is there, or has failed. */
  private void giveUp(IOException reason) {
    if (body.completeExceptionally(reason)) {
      cancel();
    }
  }

  private void cancel() {
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    if (subscription != null) {
      newSubscription.cancel();
      return;
    }
    subscription = newSubscription;
    if (body.isDone()) {
      // It was given up before it began, when there was nothing to cancel.
      newSubscription.cancel();
      return;
    }
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
        giveUp(new TooLargeException(status, cap));
      }
    }
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
