package dev.everbearer.testing.server;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON objects; writes maps, lists, strings, numbers, booleans and null as JSON. */
final class Json {

  private Json() {}

  /**
   * Reads an object. (The parser would take arrays of pairs for objects, too.)
   *
   * @throws ParseException if the text is none
   */
  static Map<String, Object> readObject(String json) throws ParseException {
    if (!json.stripLeading().startsWith("{")) {
      throw new ParseException("No JSON object", 0);
    }
    return new LinkedHashMap<>(JSONObjectUtils.parse(json));
  }

  static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      appendObject(out, map);
    } else if (value instanceof Iterable<?> items) {
      appendArray(out, items);
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      appendString(out, value.toString());
    }
  }

  private static void appendObject(StringBuilder out, Map<?, ?> map) {
    out.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator);
      appendString(out, String.valueOf(entry.getKey()));
      out.append(':');
      append(out, entry.getValue());
      separator = ",";
    }
    out.append('}');
  }

  private static void appendArray(StringBuilder out, Iterable<?> items) {
    out.append('[');
    for (Iterator<?> each = items.iterator(); each.hasNext(); ) {
      append(out, each.next());
      if (each.hasNext()) {
        out.append(',');
      }
    }
    out.append(']');
  }

  private static void appendString(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
