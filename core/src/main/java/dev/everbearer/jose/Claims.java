package dev.everbearer.jose;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The claims of a JWT, each asked for by the type that it must have. */
public final class Claims {

  /** The end of the year 9999, beyond which a date is junk. */
  private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(253_402_300_799L);

  private final Map<String, Object> members;

  /** The claims with these names and values. */
  public Claims(Map<String, Object> members) {
    this.members = members;
  }

  /** All of them, by name. */
  public Map<String, Object> members() {
    return members;
  }

  /** Whether there is a claim of this name. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /**
   * A string; null when absent.
   *
   * @throws InvalidJwtException if it is anything else, or empty
   */
  public @Nullable String text(String name) throws InvalidJwtException {
    Object value = members.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof String text) || text.isEmpty()) {
      throw new InvalidJwtException("its " + name + " is not a string, or empty");
    }
    return text;
  }

  /** As {@link #text}; an absent one is refused too. */
  public String requiredText(String name) throws InvalidJwtException {
    return present(name, text(name));
  }

  /**
   * One string or a list of them, as a list; null when absent.
   *
   * @throws InvalidJwtException if it is anything else
   */
  public @Nullable List<String> texts(String name) throws InvalidJwtException {
    Object value = members.get(name);
    if (value instanceof List<?> list) {
      if (!list.stream().allMatch(String.class::isInstance)) {
        throw new InvalidJwtException("its " + name + " is not a list of strings");
      }
      return list.stream().map(String.class::cast).toList();
    }
    String text = text(name);
    return text == null ? null : List.of(text);
  }

  /** As {@link #texts}; an absent one is refused too. */
  public List<String> requiredTexts(String name) throws InvalidJwtException {
    return present(name, texts(name));
  }

  /**
   * Seconds since 1970 (RFC 7519 section 2), a fraction cut off; null when absent.
   *
   * @throws InvalidJwtException if it is anything else
   */
  public @Nullable Instant instant(String name) throws InvalidJwtException {
    Object value = members.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof BigDecimal seconds)
        || seconds.signum() < 0
        || seconds.compareTo(LAST_SECOND) > 0) {
      throw new InvalidJwtException("its " + name + " is not a number of seconds since 1970");
    }
    return Instant.ofEpochSecond(seconds.longValue());
  }

  /** As {@link #instant}; an absent one is refused too. */
  public Instant requiredInstant(String name) throws InvalidJwtException {
    return present(name, instant(name));
  }

  private static <T> T present(String name, @Nullable T value) throws InvalidJwtException {
    if (value == null) {
      throw new InvalidJwtException("it has no " + name);
    }
    return value;
  }

  /** The names only. */
  @Override
  public String toString() {
    return "Claims" + members.keySet();
  }
}
