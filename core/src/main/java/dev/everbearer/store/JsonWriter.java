package dev.everbearer.store;

import dev.everbearer.wire.JsonBody;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members of an object; what is null is left out. */
final class JsonWriter {

  private final Map<String, Object> members = new LinkedHashMap<>();

  void put(String name, @Nullable Object value) {
    if (value instanceof Instant || value instanceof Duration || value instanceof URI) {
      members.put(name, value.toString());
    } else if (value != null) {
      members.put(name, value);
    }
  }

  Map<String, Object> members() {
    return members;
  }

  /** The object as UTF-8, in one line. */
  byte[] encoded() {
    return new JsonBody(members).encoded().getBytes(StandardCharsets.UTF_8);
  }
}
