package dev.everbearer.token;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What goes on the wire: an access token with what its server said of it. Opaque: nothing in it is
 * ever read. Prints no value. Immutable and thread-safe; equal by value.
 */
public final class AccessToken {

  private final String value;
  private final String type;
  private final String authorization;
  private final @Nullable Instant expiresAt;
  private final @Nullable Scope scope;
  private final @Nullable Instant obtainedAt;

  private AccessToken(
      String value,
      String type,
      @Nullable Instant obtainedAt,
      @Nullable Instant expiresAt,
      @Nullable Scope scope) {
    this.value = value;
    this.type = type;
    this.authorization = type + " " + value;
    this.obtainedAt = obtainedAt;
    this.expiresAt = expiresAt;
    this.scope = scope;
  }

  /**
   * A Bearer token (RFC 6750).
   *
   * @param value visible ASCII characters, at least one
   * @param obtainedAt when its request was sent; null when that is not known
   * @param expiresAt null when its life is not known
   * @param scope what was granted; null when that is not known
   * @throws IllegalArgumentException if the value is empty or could break out of a header field;
   *     the message does not repeat it
   */
  public static AccessToken bearer(
      String value,
      @Nullable Instant obtainedAt,
      @Nullable Instant expiresAt,
      @Nullable Scope scope) {
    requireHeaderSafe(Objects.requireNonNull(value, "value"));
    return new AccessToken(value, "Bearer", obtainedAt, expiresAt, scope);
  }

  /** A Bearer token of unknown life and scope. */
  public static AccessToken bearer(String value) {
    return bearer(value, null, null, null);
  }

  private static void requireHeaderSafe(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("An access token must not be empty.");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c > 0x7e) {
        throw new IllegalArgumentException(
            "The access token has a character (U+%04X at %d) that must not stand in a header."
                .formatted((int) c, i));
      }
    }
  }

  /** The token itself. Whoever calls this takes over the duty not to show it. */
  public String value() {
    return value;
  }

  /** How it is sent: {@code Bearer}. */
  public String type() {
    return type;
  }

  /** The complete value of the {@code Authorization} header. A secret, as the token is. */
  public String authorization() {
    return authorization;
  }

  /** When its request was sent, by this machine's wall clock; empty when that is not known. */
  public Optional<Instant> obtainedAt() {
    return Optional.ofNullable(obtainedAt);
  }

  /** When it ends, by this machine's wall clock; empty when the server did not say. */
  public Optional<Instant> expiresAt() {
    return Optional.ofNullable(expiresAt);
  }

  /** The scope that was granted; empty when it is not known. */
  public Optional<Scope> scope() {
    return Optional.ofNullable(scope);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof AccessToken that
            && value.equals(that.value)
            && type.equals(that.type));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return type
        + " token ***"
        + (expiresAt == null ? ", of unknown life" : ", until " + expiresAt)
        + (scope == null || scope.isEmpty() ? "" : ", scope " + scope);
  }
}
