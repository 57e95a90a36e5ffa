package dev.everbearer.testing.server;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Joins the chunks of a body; a broken chunk size ends the body where it stands. */
final class ChunkedBody {

  private final byte[] body;
  private final int end;

  private ChunkedBody(byte[] body, int end) {
    this.body = body;
    this.end = end;
  }

  byte[] body() {
    return body;
  }

  /** The offset behind the last byte of the body and its framing. */
  int end() {
    return end;
  }

  /** Reads the body that starts at an offset and ends before a limit; null while bytes miss. */
  static @Nullable ChunkedBody read(byte[] bytes, int start, int limit) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int at = start;
    while (true) {
      int lineEnd = lineEnd(bytes, at, limit);
      if (lineEnd < 0) {
        return null;
      }
      int size = chunkSize(bytes, at);
      at = lineEnd + 2;
      if (size <= 0) {
        int end = size < 0 ? at : endOfTrailers(bytes, at, limit);
        return end < 0 ? null : new ChunkedBody(body.toByteArray(), end);
      }
      if (limit - at < size + 2L) {
        return null;
      }
      body.write(bytes, at, size);
      at += size + 2;
    }
  }

  private static int endOfTrailers(byte[] bytes, int start, int limit) {
    int at = start;
    while (true) {
      int lineEnd = lineEnd(bytes, at, limit);
      if (lineEnd < 0) {
        return -1;
      }
      boolean empty = lineEnd == at;
      at = lineEnd + 2;
      if (empty) {
        return at;
      }
    }
  }

  private static int chunkSize(byte[] bytes, int at) {
    int size = 0;
    int digits = 0;
    int digit = Character.digit(bytes[at], 16);
    while (digit >= 0 && digits < 7) {
      size = size * 16 + digit;
      digits++;
      digit = Character.digit(bytes[at + digits], 16);
    }
    return digits == 0 ? -1 : size;
  }

  private static int lineEnd(byte[] bytes, int start, int limit) {
    for (int i = start; i + 1 < limit; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
