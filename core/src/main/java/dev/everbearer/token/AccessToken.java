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

  private static final String NOT_APPLICABLE = "N_A";

  private final String value;
  private final String type;
  private final String authorization;
  private final @Nullable Instant expiresAt;
  private final @Nullable Scope scope;
  private final @Nullable Instant obtainedAt;
  private final @Nullable Binding binding;
  private final boolean isSendable;

  /**
   * What a token is bound to.
   *
   * @param thumbprint of the key
   * @param key null when the key is not at hand
   */
  private record Binding(String thumbprint, @Nullable SenderKey key) {}

  private AccessToken(
      String value,
      String type,
      @Nullable Binding binding,
      @Nullable Instant obtainedAt,
      @Nullable Instant expiresAt,
      @Nullable Scope scope) {
    requireHeaderSafe(Objects.requireNonNull(value, "value"));
    this.value = value;
    this.binding = binding;
    this.type = type;
    this.isSendable = !type.equals(NOT_APPLICABLE);
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
    return new AccessToken(value, "Bearer", null, obtainedAt, expiresAt, scope);
  }

  /** A Bearer token of unknown life and scope. */
  public static AccessToken bearer(String value) {
    return bearer(value, null, null, null);
  }

  /**
   * A token that is bound to a key (RFC 9449): it is sent with a proof, or not at all. Otherwise as
   * {@link #bearer(String, Instant, Instant, Scope)}.
   */
  public static AccessToken dpop(
      String value,
      SenderKey key,
      @Nullable Instant obtainedAt,
      @Nullable Instant expiresAt,
      @Nullable Scope scope) {
    return new AccessToken(
        value, "DPoP", new Binding(key.thumbprint(), key), obtainedAt, expiresAt, scope);
  }

  /**
   * As {@link #dpop(String, SenderKey, Instant, Instant, Scope)}, for a token that was kept without
   * its key. It cannot be sent before {@link #withKey} gives it back.
   *
   * @param keyThumbprint of the key that it is bound to (RFC 7638)
   */
  public static AccessToken dpop(
      String value,
      String keyThumbprint,
      @Nullable Instant obtainedAt,
      @Nullable Instant expiresAt,
      @Nullable Scope scope) {
    Objects.requireNonNull(keyThumbprint, "keyThumbprint");
    return new AccessToken(
        value, "DPoP", new Binding(keyThumbprint, null), obtainedAt, expiresAt, scope);
  }

  /**
   * A token that a token exchange gave and that is no access token, such as an ID token or a SAML
   * assertion (RFC 8693 section 2.2.1): it has a value, but cannot be sent to an API. Otherwise as
   * {@link #bearer(String, Instant, Instant, Scope)}.
   */
  public static AccessToken notApplicable(
      String value,
      @Nullable Instant obtainedAt,
      @Nullable Instant expiresAt,
      @Nullable Scope scope) {
    return new AccessToken(value, NOT_APPLICABLE, null, obtainedAt, expiresAt, scope);
  }

  /**
   * The same token with its key at hand.
   *
   * @throws IllegalArgumentException if it is bound to no key, or to another one
   */
  public AccessToken withKey(SenderKey key) {
    if (binding == null || !binding.thumbprint().equals(key.thumbprint())) {
      throw new IllegalArgumentException("The token is not bound to this key.");
    }
    return dpop(value, key, obtainedAt, expiresAt, scope);
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

  /**
   * How it is sent: {@code Bearer} or {@code DPoP}, in exactly this spelling; {@code N_A} if it is
   * no access token at all.
   */
  public String type() {
    return type;
  }

  /** Whether it is an access token, and not some other token that a token exchange gave. */
  public boolean isSendable() {
    return isSendable;
  }

  /** Whether it is bound to a key, so that it must not be sent without a proof (RFC 9449). */
  public boolean needsProof() {
    return binding != null;
  }

  /** The thumbprint of the key that it is bound to; empty when it is bound to none. */
  public Optional<String> keyThumbprint() {
    return Optional.ofNullable(binding).map(Binding::thumbprint);
  }

  /**
   * The key that it is bound to; empty when it is bound to none, or the key is not at hand. Then
   * {@link #needsProof()} tells which.
   */
  public Optional<SenderKey> senderKey() {
    return Optional.ofNullable(binding).map(Binding::key);
  }

  /**
   * The complete value of the {@code Authorization} header. A secret, as the token is.
   *
   * @throws IllegalStateException if it is no access token
   */
  public String authorization() {
    if (!isSendable) {
      throw new IllegalStateException(
          "The server says that this token is no access token (token_type N_A, RFC 8693 section"
              + " 2.2.1); it never stands in an Authorization header.");
    }
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
