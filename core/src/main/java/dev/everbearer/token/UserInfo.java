package dev.everbearer.token;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the server tells of the person who logged in (OpenID Connect Core section 5.3). Prints
 * nothing of it. Immutable and thread-safe.
 */
public final class UserInfo {

  private final String subject;
  private final Map<String, Object> claims;

  private UserInfo(String subject, Map<String, Object> claims) {
    this.subject = subject;
    this.claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
  }

  /**
   * Claims after all checks, or those that a test makes up.
   *
   * @param claims by name: strings, {@link java.math.BigDecimal}s, booleans, lists and maps
   * @throws IllegalArgumentException if {@code sub} is not a string, or empty
   */
  public static UserInfo of(Map<String, Object> claims) {
    if (claims.get("sub") instanceof String subject && !subject.isEmpty()) {
      return new UserInfo(subject, claims);
    }
    throw new IllegalArgumentException("UserInfo has a sub.");
  }

  /** Who it is, by the name that the ID token gives ({@code sub}). */
  public String subject() {
    return subject;
  }

  /** A claim that is a string, such as {@code email}; empty when it is absent or anything else. */
  public Optional<String> text(String name) {
    return claims.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** All claims, by name, in order. */
  public Map<String, Object> claims() {
    return claims;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UserInfo that && claims.equals(that.claims);
  }

  @Override
  public int hashCode() {
    return claims.hashCode();
  }

  @Override
  public String toString() {
    return "UserInfo";
  }
}
