package dev.everbearer.wire;

import java.io.StringWriter;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** An {@code application/json} body: one object. The only place that writes JSON for requests. */
public final class JsonBody implements Body {

  private static final JsonFactory FACTORY = new JsonFactory();

  private final Set<String> names;
  private final String encoded;

  /**
   * The object with these members, in order.
   *
   * @param members strings, numbers, booleans, collections and maps
   * @throws IllegalArgumentException if one is anything else
   */
  public JsonBody(Map<String, ?> members) {
    this.names = Set.copyOf(members.keySet());
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      write(json, members);
    }
    this.encoded = text.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> member : map.entrySet()) {
        json.writeName(String.valueOf(member.getKey()));
        write(json, member.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Collection<?> collection) {
      json.writeStartArray();
      collection.forEach(each -> write(json, each));
      json.writeEndArray();
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Number number) {
      json.writeNumber(number.toString());
    } else if (value instanceof String text) {
      json.writeString(text);
    } else {
      throw new IllegalArgumentException(
          "JSON has strings, numbers, booleans, collections and maps, and no "
              + (value == null ? "null is sent" : value.getClass().getName())
              + ".");
    }
  }

  @Override
  public String mediaType() {
    return "application/json";
  }

  @Override
  public String encoded() {
    return encoded;
  }

  /** Names only: values may be secret. */
  @Override
  public String toString() {
    return names.toString();
  }
}
