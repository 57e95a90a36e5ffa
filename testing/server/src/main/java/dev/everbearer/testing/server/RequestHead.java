package dev.everbearer.testing.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The request line and the header fields of a request. */
record RequestHead(String method, String target, List<Header> headers) {

  /** Reads a head without its final empty line; null if it is not one of HTTP/1. */
  static @Nullable RequestHead parse(String text) {
    String[] lines = text.split("\r?\n");
    String[] words = lines[0].split(" ");
    if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
      return null;
    }
    List<Header> headers = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 0) {
        return null;
      }
      headers.add(new Header(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
    }
    return new RequestHead(words[0], words[1], List.copyOf(headers));
  }

  boolean isChunked() {
    return headers.stream()
        .filter(h -> h.isNamed("Transfer-Encoding"))
        .anyMatch(h -> h.value().toLowerCase(Locale.ROOT).endsWith("chunked"));
  }

  /** The announced length of the body in bytes, 0 without one, -1 if it is no number. */
  long contentLength() {
    for (Header header : headers) {
      if (header.isNamed("Content-Length")) {
        return header.value().matches("\\d{1,18}") ? Long.parseLong(header.value()) : -1;
      }
    }
    return 0;
  }
}
