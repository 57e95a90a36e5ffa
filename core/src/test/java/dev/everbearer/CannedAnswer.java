package dev.everbearer;

import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One answer to every request, written as text: the status in a line, header fields in lines of
 * their own, an empty line, the body.
 */
public final class CannedAnswer implements Transport {

  private static final String END_OF_HEAD = "\n\n";

  private final int status;
  private final Map<String, List<String>> headers = new HashMap<>();
  private final byte[] body;
  private final Instant now;

  private CannedAnswer(String head, byte[] body, Instant now) {
    String[] lines = head.split("\n", -1);
    this.status = lines[0].matches("[1-5][0-9][0-9]") ? Integer.parseInt(lines[0]) : 200;
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers
            .computeIfAbsent(
                line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
            .add(line.substring(colon + 1).strip());
      }
    }
    this.body = body;
    this.now = now;
  }

  /** Reads one; what has no empty line is all body. */
  public static CannedAnswer of(byte[] text, Instant now) {
    return of(text, now, body -> body);
  }

  /** Reads one whose body is changed. */
  public static CannedAnswer of(byte[] text, Instant now, UnaryOperator<byte[]> change) {
    String all = new String(text, StandardCharsets.ISO_8859_1);
    int end = all.indexOf(END_OF_HEAD);
    String head = end < 0 ? "200\ncontent-type: application/json" : all.substring(0, end);
    String body = end < 0 ? all : all.substring(end + END_OF_HEAD.length());
    return new CannedAnswer(head, change.apply(body.getBytes(StandardCharsets.ISO_8859_1)), now);
  }

  @Override
  public HttpAnswer exchange(Call call) {
    return new HttpAnswer(call.uri(), status, headers, body, now);
  }

  @Override
  public void close() {}
}
