package dev.everbearer.token;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who logged in, when and how, as the server says it (OpenID Connect Core section 2), after all
 * checks of section 3.1.3.7. It proves a login to this client and is no key to any API. Prints no
 * claim that tells of the person. Immutable and thread-safe.
 */
public final class IdToken {

  private final Secret compact;
  private final Map<String, Object> claims;

  private IdToken(Secret compact, Map<String, Object> claims) {
    this.compact = Objects.requireNonNull(compact, "compact");
    this.claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
  }

  /**
   * An ID token after all checks, or one that a test makes up. Nothing is verified here.
   *
   * @param compact the signed JWT
   * @param claims its claims: {@code iss} and {@code sub} as strings, {@code aud} as a string or a
   *     list of them, {@code exp} and {@code iat} as numbers; strings, {@link BigDecimal}s,
   *     booleans, lists and maps
   * @throws IllegalArgumentException if one of these five is missing or of another type
   */
  public static IdToken checked(Secret compact, Map<String, Object> claims) {
    IdToken token = new IdToken(compact, claims);
    token.text("iss");
    token.text("sub");
    token.required("iat", token.instant("iat"));
    token.required("exp", token.instant("exp"));
    if (token.audience().isEmpty()) {
      throw missing("aud");
    }
    return token;
  }

  /** Who issued it ({@code iss}). */
  public String issuer() {
    return text("iss");
  }

  /** Who logged in, by a name that is unique at the issuer and never reassigned ({@code sub}). */
  public String subject() {
    return text("sub");
  }

  /** Whom it is for ({@code aud}); this client is among them. */
  public List<String> audience() {
    return texts("aud");
  }

  /** When it stops being good ({@code exp}). */
  public Instant expiresAt() {
    return required("exp", instant("exp"));
  }

  /** When it was issued ({@code iat}). */
  public Instant issuedAt() {
    return required("iat", instant("iat"));
  }

  /** When the person was last asked to log in ({@code auth_time}); empty when it is not said. */
  public Optional<Instant> authTime() {
    return Optional.ofNullable(instant("auth_time"));
  }

  /** The class of the login ({@code acr}); empty when it is not said. */
  public Optional<String> acr() {
    return Optional.ofNullable(optionalText("acr"));
  }

  /** The methods of the login, such as {@code pwd} ({@code amr}); none when it is not said. */
  public List<String> amr() {
    return texts("amr");
  }

  /** The nonce of the login that it answers ({@code nonce}); empty when there was none. */
  public Optional<String> nonce() {
    return Optional.ofNullable(optionalText("nonce"));
  }

  /** Any claim: a string, {@link BigDecimal}, boolean, list or map; empty when absent. */
  public Optional<Object> claim(String name) {
    return Optional.ofNullable(claims.get(name));
  }

  /** All claims, by name, in order. */
  public Map<String, Object> claims() {
    return claims;
  }

  /** The signed JWT itself, as a hint to the server at logout. */
  public Secret compact() {
    return compact;
  }

  private String text(String name) {
    return required(name, optionalText(name));
  }

  private @Nullable String optionalText(String name) {
    return claims.get(name) instanceof String text ? text : null;
  }

  private List<String> texts(String name) {
    Object value = claims.get(name);
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    return value instanceof String text ? List.of(text) : List.of();
  }

  private @Nullable Instant instant(String name) {
    return claims.get(name) instanceof Number seconds
        ? Instant.ofEpochSecond(seconds.longValue())
        : null;
  }

  private <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  private static IllegalArgumentException missing(String name) {
    return new IllegalArgumentException("An ID token has the claim " + name + ".");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IdToken that && compact.equals(that.compact);
  }

  @Override
  public int hashCode() {
    return compact.hashCode();
  }

  /** The issuer and the expiry; nothing of the person. */
  @Override
  public String toString() {
    return "IdToken[of " + issuer() + ", until " + expiresAt() + "]";
  }
}
