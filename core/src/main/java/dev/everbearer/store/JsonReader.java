package dev.everbearer.store;

import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads members; what is not as it was written is an {@link IllegalArgumentException}, or another
 * of what {@link Instant#parse} and {@link BigDecimal#longValueExact} throw.
 */
record JsonReader(Map<?, ?> members) {

  /** Of an object that was written here. */
  static JsonReader of(byte[] utf8, int maxMembers) throws BrokenJsonException {
    return new JsonReader(StrictJson.object(utf8, maxMembers));
  }

  List<String> names() {
    return members.keySet().stream().map(String::valueOf).toList();
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  boolean isTrue(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  @Nullable String textOrNull(String name) {
    Object value = members.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new IllegalArgumentException(name);
  }

  String text(String name) {
    String value = textOrNull(name);
    if (value == null) {
      throw new IllegalArgumentException(name);
    }
    return value;
  }

  Instant instant(String name) {
    return Instant.parse(text(name));
  }

  @Nullable Instant instantOrNull(String name) {
    String value = textOrNull(name);
    return value == null ? null : Instant.parse(value);
  }

  long number(String name) {
    if (members.get(name) instanceof BigDecimal value) {
      return value.longValueExact();
    }
    throw new IllegalArgumentException(name);
  }

  int count(String name) {
    return Math.toIntExact(number(name));
  }

  @Nullable JsonReader objectOrNull(String name) {
    Object value = members.get(name);
    if (value == null) {
      return null;
    }
    return object(value, name);
  }

  private static JsonReader object(Object value, String name) {
    if (value instanceof Map<?, ?> map) {
      return new JsonReader(map);
    }
    throw new IllegalArgumentException(name);
  }

  List<JsonReader> list(String name) {
    return values(name).stream().map(each -> object(each, name)).toList();
  }

  List<String> texts(String name) {
    return values(name).stream().map(each -> text(each, name)).toList();
  }

  private static String text(Object value, String name) {
    if (value instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(name);
  }

  private List<?> values(String name) {
    Object value = members.get(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException(name);
  }

  /** Names alone. */
  @Override
  public String toString() {
    return names().toString();
  }
}
