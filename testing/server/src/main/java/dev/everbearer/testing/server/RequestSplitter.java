package dev.everbearer.testing.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the requests in the bytes of one connection, as an observer: it never answers or corrects
 * anything. From the first byte on that cannot be part of an HTTP/1 request, a WebSocket frame for
 * example, it looks no further. Not thread-safe.
 */
final class RequestSplitter {

  /** Receives what was found. */
  @FunctionalInterface
  interface Sink {
    void found(RequestHead head, byte[] body, byte[] raw);
  }

  private final Sink sink;
  private byte[] pending = new byte[1024];
  private @Nullable RequestHead head;
  private int size;
  private int bodyStart;
  private boolean lost;

  RequestSplitter(Sink sink) {
    this.sink = sink;
  }

  void feed(byte[] bytes, int length) {
    if (lost) {
      return;
    }
    append(bytes, length);
    while (!lost && size > 0 && (head != null || readHead()) && readBody()) {
      head = null;
    }
  }

  private void append(byte[] bytes, int length) {
    if (pending.length - size < length) {
      pending = Arrays.copyOf(pending, Math.max(2 * pending.length, size + length));
    }
    System.arraycopy(bytes, 0, pending, size, length);
    size += length;
  }

  private boolean readHead() {
    int start = 0;
    while (start < size && (pending[start] == '\r' || pending[start] == '\n')) {
      start++;
    }
    consume(start);
    if (size > 0 && !Character.isLetter(pending[0] & 0xff)) {
      lost = true;
      return false;
    }
    int end = indexOfEmptyLine();
    if (end < 0) {
      return false;
    }
    head = RequestHead.parse(new String(pending, 0, end, StandardCharsets.ISO_8859_1));
    lost = head == null;
    bodyStart = end + 4;
    return !lost;
  }

  private boolean readBody() {
    RequestHead current = Objects.requireNonNull(head);
    if (current.isChunked()) {
      return readChunkedBody(current);
    }
    long length = current.contentLength();
    if (length < 0) {
      lost = true;
    }
    if (lost || size - bodyStart < length) {
      return false;
    }
    int end = bodyStart + (int) length;
    found(current, Arrays.copyOfRange(pending, bodyStart, end), end);
    return true;
  }

  private boolean readChunkedBody(RequestHead current) {
    ChunkedBody chunked = ChunkedBody.read(pending, bodyStart, size);
    if (chunked == null) {
      return false;
    }
    found(current, chunked.body(), chunked.end());
    return true;
  }

  private void found(RequestHead current, byte[] body, int end) {
    sink.found(current, body, Arrays.copyOf(pending, end));
    consume(end);
  }

  private void consume(int count) {
    System.arraycopy(pending, count, pending, 0, size - count);
    size -= count;
  }

  private int indexOfEmptyLine() {
    for (int i = 0; i + 3 < size; i++) {
      if (pending[i] == '\r'
          && pending[i + 1] == '\n'
          && pending[i + 2] == '\r'
          && pending[i + 3] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
