package dev.everbearer;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The texts that are reached from an object by its fields, each with the way to it. It does not go
 * into threads, classes, and what the platform's HTTP client holds: that is not ours.
 */
final class Reachable {

  private static final List<String> NOT_OURS =
      List.of("java.lang.Class", "java.lang.Thread", "java.lang.Module", "jdk.internal.", "sun.");
  private static final Class<?> UNSAFE = type("sun.misc.Unsafe");

  private record Found(Object object, @Nullable Found from, String field) {

    String way() {
      String last = field + ": " + object.getClass().getName();
      return from == null ? last : from.way() + " -> " + last;
    }
  }

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Found> open = new ArrayDeque<>();
  private final List<String> canaries;
  private final List<String> ways = new ArrayList<>();

  private Reachable(List<String> canaries) {
    this.canaries = canaries;
  }

  /** How a text that holds a canary is reached; empty when none is. */
  static List<String> ways(Object root, List<String> canaries) {
    Reachable search = new Reachable(canaries);
    search.add(root, null, "root");
    while (!search.open.isEmpty()) {
      search.lookInto(search.open.remove());
    }
    return Collections.unmodifiableList(search.ways);
  }

  private void add(@Nullable Object object, @Nullable Found from, String field) {
    if (object != null
        && NOT_OURS.stream().noneMatch(object.getClass().getName()::startsWith)
        && !(object instanceof ClassLoader)
        && seen.add(object)) {
      open.add(new Found(object, from, field));
    }
  }

  private void lookInto(Found found) {
    Object object = found.object();
    String text = text(object);
    if (text != null) {
      if (canaries.stream().anyMatch(text::contains)) {
        ways.add(found.way());
      }
    } else if (object instanceof Object[]) {
      for (int i = 0; i < Array.getLength(object); i++) {
        add(Array.get(object, i), found, "[" + i + "]");
      }
    } else if (!object.getClass().isArray()) {
      fields(found);
    }
  }

  private static @Nullable String text(Object object) {
    if (object instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    if (object instanceof char[] chars) {
      return new String(chars);
    }
    return object instanceof CharSequence text ? text.toString() : null;
  }

  private void fields(Found found) {
    for (Class<?> type = found.object().getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          add(value(field, found.object()), found, field.getName());
        }
      }
    }
  }

  private static @Nullable Object value(Field field, Object object) {
    try {
      field.setAccessible(true);
      return field.get(object);
    } catch (InaccessibleObjectException e) {
      return hidden(field, object);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Into the platform's collections; null where nobody may look, as into its lambdas. */
  private static @Nullable Object hidden(Field field, Object object) {
    try {
      Field instance = UNSAFE.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Object unsafe = instance.get(null);
      Method offset = UNSAFE.getMethod("objectFieldOffset", Field.class);
      Method read = UNSAFE.getMethod("getObject", Object.class, long.class);
      return read.invoke(unsafe, object, offset.invoke(unsafe, field));
    } catch (InvocationTargetException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
