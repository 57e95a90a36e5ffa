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
  private volatile boolean isSubscribed;
  private volatile byte @Nullable [] whole;

  BufferingBody(BodyPublisher body, int maxBytes) {
    this.body = body;
    this.maxBytes = maxBytes;
  }

  /** Before the first sending: whether the buffer may suffice; after it: whether it did. */
  boolean isReplayable() {
    return whole != null || (!isSubscribed && body.contentLength() <= maxBytes);
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    isSubscribed = true;
    byte[] bytes = whole;
    if (bytes != null) {
      BodyPublishers.ofByteArray(bytes).subscribe(subscriber);
    } else {
      body.subscribe(new Keeper(subscriber));
    }
  }

  /** Keeps what passes in one sending; a sending that was broken off leaves nothing behind. */
  private final class Keeper implements Flow.Subscriber<ByteBuffer> {

    private final Flow.Subscriber<? super ByteBuffer> downstream;
    private @Nullable ByteArrayOutputStream kept = new ByteArrayOutputStream();

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

    private void keep(ByteBuffer buffer) {
      ByteArrayOutputStream sofar = kept;
      if (sofar == null || sofar.size() + buffer.remaining() > maxBytes) {
        kept = null;
        return;
      }
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      sofar.write(bytes, 0, bytes.length);
      // With the last byte the server may answer, before the publisher says that it has ended.
      if (sofar.size() == body.contentLength()) {
        whole = sofar.toByteArray();
      }
    }

    @Override
    public void onError(Throwable error) {
      downstream.onError(error);
    }

    @Override
    public void onComplete() {
      if (kept != null) {
        whole = kept.toByteArray();
      }
      downstream.onComplete();
    }
  }
}
