package dev.everbearer.wire;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A whole answer of a server, body included.
 *
 * @param uri what was called, without its query
 * @param status the HTTP status
 * @param headers the header fields, names in lower case
 * @param body the whole body, within the cap
 * @param receivedAt when it was read, by this machine's wall clock
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never out of this library's hands.
public record HttpAnswer(
    URI uri, int status, Map<String, List<String>> headers, byte[] body, Instant receivedAt) {

  /** The first value of a header field. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  /** The media type without parameters, in lower case; empty when none was sent. */
  public String mediaType() {
    String value = header("content-type").orElse("");
    int end = value.indexOf(';');
    return (end < 0 ? value : value.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "HttpAnswer[" + status + " from " + uri + ", " + body.length + " bytes]";
  }
}
