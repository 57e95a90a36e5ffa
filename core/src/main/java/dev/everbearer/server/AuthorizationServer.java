package dev.everbearer.server;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An authorization server's metadata (RFC 8414 section 2), discovered or given. Immutable and
 * thread-safe.
 */
public final class AuthorizationServer {

  /** The default of RFC 8414 when a document lists no methods. */
  private static final List<String> DEFAULT_AUTH_METHODS = List.of("client_secret_basic");

  private final @Nullable String issuer;
  private final URI tokenEndpoint;
  private final @Nullable List<String> authMethods;
  private final Map<String, Object> metadata;

  private AuthorizationServer(
      @Nullable String issuer,
      URI tokenEndpoint,
      @Nullable List<String> authMethods,
      Map<String, Object> metadata) {
    this.issuer = issuer;
    this.tokenEndpoint = Objects.requireNonNull(tokenEndpoint, "tokenEndpoint");
    this.authMethods = authMethods == null ? null : List.copyOf(authMethods);
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** A server of which nothing but the token endpoint is known. */
  public static AuthorizationServer ofTokenEndpoint(URI tokenEndpoint) {
    return new AuthorizationServer(null, tokenEndpoint, null, Map.of());
  }

  /**
   * A server as its metadata document describes it, after all checks.
   *
   * @param authMethods {@code token_endpoint_auth_methods_supported}; null when not listed
   * @param metadata the whole document
   */
  public static AuthorizationServer discovered(
      String issuer,
      URI tokenEndpoint,
      @Nullable List<String> authMethods,
      Map<String, Object> metadata) {
    return new AuthorizationServer(
        Objects.requireNonNull(issuer, "issuer"), tokenEndpoint, authMethods, metadata);
  }

  /** The issuer identifier, as an exact string; empty when only endpoints were given. */
  public Optional<String> issuer() {
    return Optional.ofNullable(issuer);
  }

  /** Where tokens are asked for. */
  public URI tokenEndpoint() {
    return tokenEndpoint;
  }

  /**
   * The client authentication methods of the token endpoint. What the document lists; else {@code
   * client_secret_basic} alone, which is both RFC 8414's default and what a server of RFC 6749 must
   * support.
   */
  public List<String> tokenEndpointAuthMethods() {
    return authMethods == null ? DEFAULT_AUTH_METHODS : authMethods;
  }

  /** The {@code grant_types_supported} of the document; empty when not listed. */
  public Set<String> grantTypes() {
    return metadata.get("grant_types_supported") instanceof List<?> list
        ? Set.copyOf(list.stream().map(String::valueOf).toList())
        : Set.of();
  }

  /** Every member of the metadata document, unchecked; empty when only endpoints were given. */
  public Map<String, Object> metadata() {
    return metadata;
  }

  @Override
  public String toString() {
    return issuer == null ? tokenEndpoint.toString() : issuer;
  }
}
