package dev.everbearer.http.internal;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Makes a one-shot body repeatable, up to a size: its bytes are kept while they are sent the first
 * time. A body that is larger, or that was not sent to its end, cannot be sent again.
 */
final class BufferingBody implements BodyPublisher {

  private final BodyPublisher body;
  private final int maxBytes;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(); // guarded by itself
  private boolean isSubscribed; // guarded by kept
  private boolean isWhole; // guarded by kept
  private boolean isTooLarge; // guarded by kept

  BufferingBody(BodyPublisher body, int maxBytes) {
    this.body = body;
    this.maxBytes = maxBytes;
    this.isTooLarge = body.contentLength() > maxBytes;
  }

  /** Before the first sending: whether the buffer may suffice; after it: whether it did. */
  boolean isReplayable() {
    synchronized (kept) {
      return !isTooLarge && (isWhole || !isSubscribed);
    }
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    byte[] whole;
    synchronized (kept) {
      isSubscribed = true;
      whole = isWhole ? kept.toByteArray() : null;
    }
    if (whole != null) {
      BodyPublishers.ofByteArray(whole).subscribe(subscriber);
    } else {
      body.subscribe(new Keeper(subscriber));
    }
  }

  private void keep(ByteBuffer buffer) {
    synchronized (kept) {
      if (isTooLarge || kept.size() + buffer.remaining() > maxBytes) {
        isTooLarge = true;
        kept.reset();
        return;
      }
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      kept.write(bytes, 0, bytes.length);
    }
  }

  private final class Keeper implements Flow.Subscriber<ByteBuffer> {

    private final Flow.Subscriber<? super ByteBuffer> downstream;

    Keeper(Flow.Subscriber<? super ByteBuffer> downstream) {
      this.downstream = downstream;
    }

    @Override
    public void onSubscribe(Flow.@Nullable Subscription subscription) {
      downstream.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      keep(buffer);
      downstream.onNext(buffer);
    }

    @Override
    public void onError(Throwable error) {
      downstream.onError(error);
    }

    @Override
    public void onComplete() {
      synchronized (kept) {
        isWhole = !isTooLarge;
      }
      downstream.onComplete();
    }
  }
}
