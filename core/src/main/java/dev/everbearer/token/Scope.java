package dev.everbearer.token;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A set of scope tokens (RFC 6749 section 3.3). Compared as a set, with case, whatever the order.
 * Immutable and thread-safe.
 */
public final class Scope {

  private static final Scope NONE = new Scope(Set.of());

  private final Set<String> tokens;

  private Scope(Set<String> tokens) {
    this.tokens = tokens;
  }

  /** The empty scope: the parameter is left out of requests. */
  public static Scope none() {
    return NONE;
  }

  /**
   * A scope of the given tokens; one argument may hold several, separated by spaces.
   *
   * @throws IllegalArgumentException if a token is empty or has a character outside {@code %x21 /
   *     %x23-5B / %x5D-7E}
   */
  public static Scope of(String... values) {
    return of(List.of(values));
  }

  /** As {@link #of(String...)}. */
  public static Scope of(Collection<String> values) {
    Set<String> tokens = new LinkedHashSet<>();
    for (String value : values) {
      for (String token : value.split(" ", -1)) {
        requireValid(token);
        tokens.add(token);
      }
    }
    return tokens.isEmpty() ? NONE : new Scope(Collections.unmodifiableSet(tokens));
  }

  /** Of a text that a server wrote, the tokens that can be read. */
  static Scope ofReadable(String text) {
    return of(
        Stream.of(text.split(" "))
            .filter(token -> !token.isEmpty() && token.chars().allMatch(Scope::isAllowed))
            .toList());
  }

  private static boolean isAllowed(int c) {
    return c >= 0x21 && c <= 0x7e && c != '"' && c != '\\';
  }

  private static void requireValid(String token) {
    if (token.isEmpty()) {
      throw new IllegalArgumentException(
          "A scope token is empty; separate tokens by one space, and leave the scope out to ask for"
              + " none.");
    }
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (!isAllowed(c)) {
        throw new IllegalArgumentException(
            "A scope token has a character (U+%04X at %d) that RFC 6749 section 3.3 does not allow."
                .formatted((int) c, i));
      }
    }
  }

  /** The tokens, in the order they were given; unmodifiable. */
  public Set<String> tokens() {
    return tokens;
  }

  /** Whether no token is in it. */
  public boolean isEmpty() {
    return tokens.isEmpty();
  }

  /** Whether every token of the other scope is in this one. */
  public boolean containsAll(Scope other) {
    return tokens.containsAll(other.tokens);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Scope that && tokens.equals(that.tokens);
  }

  @Override
  public int hashCode() {
    return tokens.hashCode();
  }

  /** The wire form: the tokens joined by one space. */
  @Override
  public String toString() {
    return String.join(" ", tokens);
  }
}
