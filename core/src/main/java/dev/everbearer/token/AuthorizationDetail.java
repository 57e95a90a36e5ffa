package dev.everbearer.token;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One of the authorization details of RFC 9396: an object with a {@code type}, which says finer
 * than a scope what is asked for or granted. Equal by its structure: the order of members does not
 * matter, that of arrays does, and numbers are equal by value. Prints its type alone. Immutable and
 * thread-safe.
 */
public final class AuthorizationDetail {

  private static final String TYPE = "type";
  private static final int MAX_DEPTH = 16;

  /** Whole numbers of so many digits are written without an exponent. */
  private static final int MAX_PLAIN_DIGITS = 40;

  private final Map<String, Object> members;

  private AuthorizationDetail(Map<String, Object> members) {
    this.members = members;
  }

  /**
   * A detail of a type and nothing more.
   *
   * @throws IllegalArgumentException if the type is empty
   */
  public static AuthorizationDetail of(String type) {
    return of(Map.of(TYPE, type));
  }

  /**
   * A detail with these members.
   *
   * @param members strings, numbers, booleans, and collections and maps of them; one is the {@code
   *     type}
   * @throws IllegalArgumentException if there is no type, or a value cannot stand in JSON
   */
  public static AuthorizationDetail of(Map<String, ?> members) {
    Map<String, Object> copy = object(members, 0);
    if (!(copy.get(TYPE) instanceof String type) || type.isBlank()) {
      throw new IllegalArgumentException(
          "An authorization detail has a type, which is a text (RFC 9396 section 2).");
    }
    return new AuthorizationDetail(copy);
  }

  /**
   * The same detail with one more member, or another value for one.
   *
   * @param value a string, number, boolean, or a collection or map of them
   * @throws IllegalArgumentException if the value cannot stand in JSON, or leaves no type
   */
  public AuthorizationDetail with(String name, Object value) {
    Map<String, Object> more = new TreeMap<>(members);
    more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    return of(more);
  }

  // ---- copies of what JSON can say

  private static Map<String, Object> object(Map<?, ?> members, int depth) {
    Map<String, Object> copy = new TreeMap<>();
    members.forEach(
        (name, value) -> {
          if (!(name instanceof String text)) {
            throw new IllegalArgumentException("The names of members are texts.");
          }
          copy.put(text, value(value, depth + 1));
        });
    return Collections.unmodifiableMap(copy);
  }

  private static Object value(@Nullable Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "An authorization detail is nested no deeper than %d levels.".formatted(MAX_DEPTH));
    }
    if (value instanceof Map<?, ?> map) {
      return object(map, depth);
    }
    if (value instanceof Collection<?> collection) {
      List<Object> copy = new ArrayList<>();
      collection.forEach(each -> copy.add(value(each, depth + 1)));
      return Collections.unmodifiableList(copy);
    }
    if (value instanceof Number number) {
      return number(number);
    }
    if (value instanceof String || value instanceof Boolean) {
      return value;
    }
    throw new IllegalArgumentException(
        "A value is a text, number, boolean, collection or map, and not %s."
            .formatted(value == null ? "null" : value.getClass().getName()));
  }

  /** One form for all that are equal: 1, 1.0 and 1e0. */
  private static BigDecimal number(Number number) {
    BigDecimal exact;
    try {
      exact = number instanceof BigDecimal big ? big : new BigDecimal(number.toString());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("JSON has no such number: " + number.getClass().getName());
    }
    BigDecimal shortest = exact.stripTrailingZeros();
    boolean hasFewDigits = shortest.precision() - (long) shortest.scale() <= MAX_PLAIN_DIGITS;
    return shortest.scale() < 0 && hasFewDigits ? shortest.setScale(0) : shortest;
  }

  // ---- what it says

  /** Its {@code type}, which says what the other members mean. */
  public String type() {
    return (String) Objects.requireNonNull(members.get(TYPE));
  }

  /**
   * All members, the type included: strings, numbers (as {@link BigDecimal}), booleans, lists and
   * maps.
   */
  public Map<String, Object> members() {
    return members;
  }

  /**
   * Whether it grants all that another one asks for: it has the same type and every member of the
   * other, with the same value, or for an array with at least the same elements. Members that it
   * has beyond those do not count.
   */
  public boolean covers(AuthorizationDetail asked) {
    return covers(members, asked.members);
  }

  private static boolean covers(@Nullable Object granted, Object asked) {
    if (granted instanceof Map<?, ?> has && asked instanceof Map<?, ?> wants) {
      return wants.entrySet().stream()
          .allMatch(
              each -> covers(has.get(each.getKey()), Objects.requireNonNull(each.getValue())));
    }
    if (granted instanceof List<?> has && asked instanceof List<?> wants) {
      return wants.stream().allMatch(wanted -> has.stream().anyMatch(each -> covers(each, wanted)));
    }
    return asked.equals(granted);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AuthorizationDetail that && members.equals(that.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  /** Its type; what else it says may be nobody's business. */
  @Override
  public String toString() {
    return "AuthorizationDetail[" + type() + "]";
  }
}
