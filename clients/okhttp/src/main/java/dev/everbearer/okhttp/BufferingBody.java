package dev.everbearer.okhttp;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.ForwardingSink;
import okio.Okio;
import okio.Sink;
import org.jspecify.annotations.Nullable;

/**
 * Makes a one-shot body repeatable, up to a size: its bytes are kept while they are sent the first
 * time. A body that is larger, or that was not sent to its end, cannot be sent again.
 */
final class BufferingBody extends RequestBody {

  private final RequestBody body;
  private final int maxBytes;
  private volatile boolean isWritten;
  private volatile @Nullable ByteString whole;

  BufferingBody(RequestBody body, int maxBytes) {
    this.body = body;
    this.maxBytes = maxBytes;
  }

  /** Before the first sending: whether the buffer may suffice; after it: whether it did. */
  @Override
  public boolean isOneShot() {
    return whole == null && (isWritten || length() > maxBytes);
  }

  private long length() {
    try {
      return body.contentLength();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public @Nullable MediaType contentType() {
    return body.contentType();
  }

  @Override
  public long contentLength() throws IOException {
    return body.contentLength();
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    ByteString bytes = whole;
    if (bytes != null) {
      sink.write(bytes);
      return;
    }
    isWritten = true;
    Keeper keeper = new Keeper(sink);
    BufferedSink kept = Okio.buffer((Sink) keeper);
    body.writeTo(kept);
    kept.emit();
    whole = keeper.bytes();
  }

  /** Keeps what passes in one sending. */
  private final class Keeper extends ForwardingSink {

    private final Buffer kept = new Buffer();
    private boolean isTooLarge;

    Keeper(Sink downstream) {
      super(downstream);
    }

    @Override
    public void write(Buffer source, long byteCount) throws IOException {
      isTooLarge |= kept.size() + byteCount > maxBytes;
      if (isTooLarge) {
        kept.clear();
      } else {
        source.copyTo(kept, 0, byteCount);
      }
      super.write(source, byteCount);
    }

    @Nullable ByteString bytes() {
      return isTooLarge ? null : kept.readByteString();
    }
  }
}
