package dev.everbearer.token;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization server says of a token (RFC 7662 section 2.2). That it calls the token
 * active does not yet mean that it may be used where we stand: whom it is for and what it is bound
 * to still has to be looked at. Prints nothing of the person. Immutable and thread-safe.
 */
public final class Introspection {

  private final boolean isActive;
  private final Map<String, Object> members;

  private Introspection(boolean isActive, Map<String, Object> members) {
    this.isActive = isActive;
    this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /**
   * An answer after all checks, or one that a test makes up. Nothing else is checked here.
   *
   * @param members by their names in the answer: strings, {@link java.math.BigDecimal}s, booleans,
   *     lists and maps
   * @throws IllegalArgumentException if {@code active} is not a boolean
   */
  public static Introspection of(Map<String, Object> members) {
    if (members.get("active") instanceof Boolean active) {
      return new Introspection(active, members);
    }
    throw new IllegalArgumentException("An introspection answer says true or false by active.");
  }

  /** Whether the server calls the token active; of one that it does not, nothing else is known. */
  public boolean isActive() {
    return isActive;
  }

  /**
   * What it is good for ({@code scope}), without what is no scope token by RFC 6749 section 3.3;
   * empty when the server does not say.
   */
  public Optional<Scope> scope() {
    return text("scope").filter(text -> !text.isBlank()).map(text -> Scope.ofReadable(text.trim()));
  }

  /** The client that it was issued to ({@code client_id}); empty when the server does not say. */
  public Optional<String> clientId() {
    return text("client_id");
  }

  /** A name of the person for people ({@code username}); empty when the server does not say. */
  public Optional<String> username() {
    return text("username");
  }

  /** How it is sent ({@code token_type}), such as {@code Bearer}; empty when not said. */
  public Optional<String> tokenType() {
    return text("token_type");
  }

  /** When it ends ({@code exp}); empty when the server does not say. */
  public Optional<Instant> expiresAt() {
    return instant("exp");
  }

  /** When it was issued ({@code iat}); empty when the server does not say. */
  public Optional<Instant> issuedAt() {
    return instant("iat");
  }

  /** From when on it is good ({@code nbf}); empty when the server does not say. */
  public Optional<Instant> notBefore() {
    return instant("nbf");
  }

  /** Whom it speaks for ({@code sub}); empty when the server does not say. */
  public Optional<String> subject() {
    return text("sub");
  }

  /** Which APIs it is for ({@code aud}); none when the server does not say. */
  public List<String> audience() {
    Object value = members.get("aud");
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    return value instanceof String text ? List.of(text) : List.of();
  }

  /** Who issued it ({@code iss}); empty when the server does not say. */
  public Optional<String> issuer() {
    return text("iss");
  }

  /**
   * What it is bound to ({@code cnf}), by method: {@code jkt}, the thumbprint of a DPoP key (RFC
   * 9449 section 6.2), or {@code x5t#S256}, that of a certificate (RFC 8705 section 3.2). Empty for
   * a token that is good for whoever has it.
   */
  public Map<String, Object> confirmation() {
    if (!(members.get("cnf") instanceof Map<?, ?> cnf)) {
      return Map.of();
    }
    Map<String, Object> methods = new LinkedHashMap<>();
    cnf.forEach((method, value) -> methods.put(String.valueOf(method), value));
    return Collections.unmodifiableMap(methods);
  }

  /** Every member of the answer, by name, in order. */
  public Map<String, Object> members() {
    return members;
  }

  private Optional<String> text(String name) {
    return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private Optional<Instant> instant(String name) {
    return members.get(name) instanceof Number seconds
        ? Optional.of(Instant.ofEpochSecond(seconds.longValue()))
        : Optional.empty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Introspection that && members.equals(that.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  @Override
  public String toString() {
    return isActive
        ? "Introspection[active" + expiresAt().map(end -> ", until " + end).orElse("") + "]"
        : "Introspection[not active]";
  }
}
