package dev.everbearer.testing.server;

import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is registered about a client.
 *
 * @param secret the client secret; null for a client without one
 * @param metadata the client metadata in the words of RFC 7591
 */
record RegisteredClient(String id, @Nullable String secret, Map<String, Object> metadata) {

  RegisteredClient {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  RegisteredClient withSecret(@Nullable String other) {
    return new RegisteredClient(id, other, metadata);
  }

  RegisteredClient withMetadata(Map<String, ?> entries) {
    Map<String, Object> merged = new LinkedHashMap<>(metadata);
    merged.putAll(entries);
    return new RegisteredClient(id, secret, merged);
  }

  /** Whether the client has nothing to prove who it is. */
  boolean isPublic() {
    return methods().contains(ClientAuthMethod.NONE);
  }

  /** How the client may authenticate: as registered, else in every way that it has means for. */
  Set<ClientAuthMethod> methods() {
    Optional<String> registered = text("token_endpoint_auth_method");
    if (registered.isPresent()) {
      return ClientAuthMethod.named(registered.get()).map(Set::of).orElse(Set.of());
    }
    Set<ClientAuthMethod> methods = EnumSet.noneOf(ClientAuthMethod.class);
    if (secret != null) {
      methods.addAll(ClientAuthMethod.WITH_SECRET);
    }
    if (!keys().isEmpty()) {
      methods.add(ClientAuthMethod.PRIVATE_KEY_JWT);
    }
    if (metadata.containsKey("tls_client_auth_subject_dn")) {
      methods.add(ClientAuthMethod.TLS_CLIENT_AUTH);
    }
    return methods.isEmpty() ? Set.of(ClientAuthMethod.NONE) : methods;
  }

  /** The public keys in the client's {@code jwks}. */
  JWKSet keys() {
    if (!(metadata.get("jwks") instanceof Map<?, ?> jwks)) {
      return new JWKSet();
    }
    try {
      return JWKSet.parse(Json.write(jwks));
    } catch (ParseException e) {
      throw new IllegalArgumentException("The jwks of the client is no JWK set", e);
    }
  }

  /** A text among the metadata. */
  Optional<String> text(String name) {
    return metadata.get(name) instanceof String value ? Optional.of(value) : Optional.empty();
  }

  /** A list among the metadata; empty if there is none. */
  List<String> list(String name) {
    return metadata.get(name) instanceof List<?> values
        ? values.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** Whether a member of the metadata is true. */
  boolean is(String name) {
    return Boolean.TRUE.equals(metadata.get(name));
  }

  /** Whether the time of the secret is over; 0 stands for no end (RFC 7591 section 3.2.1). */
  boolean isSecretExpiredAt(Instant now) {
    return metadata.get("client_secret_expires_at") instanceof Number end
        && end.longValue() != 0
        && now.getEpochSecond() >= end.longValue();
  }

  /** Whether the client may use a grant type; every one if none is registered. */
  boolean mayUse(String grantType) {
    return !metadata.containsKey("grant_types") || list("grant_types").contains(grantType);
  }

  @Override
  public String toString() {
    return "client " + id;
  }
}
