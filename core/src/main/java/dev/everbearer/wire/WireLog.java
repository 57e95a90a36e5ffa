package dev.everbearer.wire;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What travels, for people who debug: level {@code TRACE} of the logger {@code
 * dev.everbearer.wire}. Header fields that carry credentials are redacted, and of bodies nothing
 * but parameter names and sizes is written.
 */
final class WireLog {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.wire");

  /** Whatever sounds like a credential, fields that an operator added included. */
  private static final Pattern REDACTED_HEADERS =
      Pattern.compile(
          "(?i).*(authorization|dpop|cookie|location|attestation|token|secret|passw|key|credential"
              + "|signature|assertion|session).*");

  private WireLog() {}

  static void request(Transport.Call call) {
    LOG.log(
        System.Logger.Level.TRACE,
        () ->
            "> %s %s %s body=%s"
                .formatted(
                    call.method(),
                    Urls.withoutQuery(call.uri()),
                    redacted(call.headers()),
                    call.body()));
  }

  static void answer(HttpAnswer answer) {
    LOG.log(
        System.Logger.Level.TRACE,
        () ->
            "< %d from %s %s, %d bytes"
                .formatted(
                    answer.status(),
                    answer.uri(),
                    redacted(answer.headers()),
                    answer.body().length));
  }

  private static Map<String, String> redacted(Map<String, ?> headers) {
    Map<String, String> shown = new TreeMap<>();
    headers.forEach(
        (name, value) ->
            shown.put(
                name,
                REDACTED_HEADERS.matcher(name).matches()
                    ? "***"
                    : printable(value instanceof List<?> list ? list.toString() : value + "")));
    return shown;
  }

  private static String printable(String value) {
    return Untrusted.printable(value, 500);
  }
}
