package dev.everbearer.client;

import dev.everbearer.token.Scope;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of itself when it registers (RFC 7591 section 2). Each method gives a new
 * value and leaves this one as it is. Immutable and thread-safe.
 */
public final class ClientMetadata {

  /** What the server alone says of a client. */
  static final Set<String> SERVERS_OWN =
      Set.of(
          "client_id",
          "client_secret",
          "client_secret_expires_at",
          "client_id_issued_at",
          "registration_access_token",
          "registration_client_uri");

  private static final String AUTH_METHOD = "token_endpoint_auth_method";

  private final Map<String, Object> members;

  private ClientMetadata(Map<String, Object> members) {
    this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** A client that says nothing: the server's defaults are meant. */
  public static ClientMetadata empty() {
    return new ClientMetadata(Map.of());
  }

  /**
   * A program on a person's own machine (RFC 8252): no secret, authorization code and refresh
   * tokens.
   *
   * @param redirectUris where the browser comes back to, each exactly as it will be sent; none are
   *     left out, for a start from an API's URL to fill in
   */
  public static ClientMetadata nativeApp(String... redirectUris) {
    ClientMetadata kind = empty().with("application_type", "native");
    return (redirectUris.length == 0 ? kind : kind.redirectUris(redirectUris))
        .grantTypes("authorization_code", "refresh_token")
        .with("response_types", List.of("code"))
        .authMethod("none");
  }

  /** The members of a document, without those that the server alone says. */
  static ClientMetadata of(Map<String, ?> document) {
    Map<String, Object> kept = new LinkedHashMap<>(document);
    kept.keySet().removeAll(SERVERS_OWN);
    return new ClientMetadata(kept);
  }

  /** Where browsers come back to ({@code redirect_uris}), exactly. */
  public ClientMetadata redirectUris(String... uris) {
    return with("redirect_uris", List.of(uris));
  }

  /** What it asks tokens by ({@code grant_types}); by RFC 7591 authorization codes alone. */
  public ClientMetadata grantTypes(String... types) {
    return with("grant_types", List.of(types));
  }

  /**
   * How it proves who it is ({@code token_endpoint_auth_method}); by RFC 7591 {@code
   * client_secret_basic}.
   */
  public ClientMetadata authMethod(String method) {
    return with(AUTH_METHOD, method);
  }

  /** What people know it by ({@code client_name}). */
  public ClientMetadata clientName(String name) {
    return with("client_name", name);
  }

  /** The scope that it may ask for ({@code scope}). */
  public ClientMetadata scope(String... tokens) {
    return with("scope", Scope.of(tokens).toString());
  }

  /**
   * Its public keys ({@code jwks}).
   *
   * @param json a JWK set
   * @throws IllegalArgumentException if it is not a JSON object
   */
  public ClientMetadata jwks(String json) {
    try {
      return with("jwks", StrictJson.object(json.getBytes(StandardCharsets.UTF_8)));
    } catch (BrokenJsonException e) {
      throw new IllegalArgumentException("The JWK set cannot be read: " + e.getMessage() + ".");
    }
  }

  /** What somebody whom the server trusts says of the client ({@code software_statement}). */
  public ClientMetadata softwareStatement(String jwt) {
    return with("software_statement", jwt);
  }

  /**
   * Any member, in place of one of the same name.
   *
   * @param value a string, number or boolean, or a list or map of them
   * @throws IllegalArgumentException if the server alone says it, such as {@code client_id}
   */
  public ClientMetadata with(String name, Object value) {
    if (SERVERS_OWN.contains(name)) {
      throw new IllegalArgumentException(name + " is the server's to say.");
    }
    Map<String, Object> all = new LinkedHashMap<>(members);
    all.put(name, Objects.requireNonNull(value, name));
    return new ClientMetadata(all);
  }

  /** How it proves who it is; empty when it does not say. */
  public Optional<String> authMethod() {
    return Optional.ofNullable(text(AUTH_METHOD));
  }

  /** The strings of a member that is a list, such as {@code redirect_uris}; none when absent. */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    if (members.get(name) instanceof List<?> list) {
      list.forEach(each -> texts.add(String.valueOf(each)));
    }
    return List.copyOf(texts);
  }

  private @Nullable String text(String name) {
    return members.get(name) instanceof String text ? text : null;
  }

  /** All members, by name, in order. */
  public Map<String, Object> members() {
    return members;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClientMetadata that && members.equals(that.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  /** Names only. */
  @Override
  public String toString() {
    return "ClientMetadata" + members.keySet();
  }
}
