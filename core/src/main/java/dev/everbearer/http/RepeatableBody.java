package dev.everbearer.http;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/**
 * A request body that can be sent again because it can be made again: each sending asks the
 * supplier for a new publisher. Use it for bodies that the platform's publishers cannot repeat
 * safely, such as streams.
 */
public final class RepeatableBody implements BodyPublisher {

  private final Supplier<? extends BodyPublisher> supplier;
  private final long contentLength;

  private RepeatableBody(Supplier<? extends BodyPublisher> supplier, long contentLength) {
    this.supplier = supplier;
    this.contentLength = contentLength;
  }

  /**
   * A body of unknown length, made anew for each sending.
   *
   * @param supplier gives a new publisher of the same bytes each time
   */
  public static RepeatableBody of(Supplier<? extends BodyPublisher> supplier) {
    return new RepeatableBody(Objects.requireNonNull(supplier, "supplier"), -1);
  }

  /**
   * A body of known length, made anew for each sending.
   *
   * @param contentLength in bytes
   * @throws IllegalArgumentException if the length is negative
   */
  public static RepeatableBody of(Supplier<? extends BodyPublisher> supplier, long contentLength) {
    if (contentLength < 0) {
      throw new IllegalArgumentException("A content length is not negative: " + contentLength);
    }
    return new RepeatableBody(Objects.requireNonNull(supplier, "supplier"), contentLength);
  }

  @Override
  public long contentLength() {
    return contentLength;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    supplier.get().subscribe(subscriber);
  }
}
