package dev.everbearer.server;

import dev.everbearer.wire.Urls;
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

  // The defaults of RFC 8414 section 2 for what a document does not list.
  private static final List<String> DEFAULT_AUTH_METHODS = List.of("client_secret_basic");
  private static final Set<String> DEFAULT_GRANT_TYPES = Set.of("authorization_code", "implicit");
  private static final Set<String> DEFAULT_RESPONSE_MODES = Set.of("query", "fragment");

  private final @Nullable String issuer;
  private final URI tokenEndpoint;
  private final @Nullable List<String> authMethods;
  private final Map<String, Object> metadata;
  private final @Nullable ExpectedIssuer expectedIssuer;

  private AuthorizationServer(
      @Nullable String issuer,
      URI tokenEndpoint,
      @Nullable List<String> authMethods,
      Map<String, Object> metadata,
      @Nullable ExpectedIssuer expectedIssuer) {
    this.issuer = issuer;
    this.tokenEndpoint = Objects.requireNonNull(tokenEndpoint, "tokenEndpoint");
    this.authMethods = authMethods == null ? null : List.copyOf(authMethods);
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    this.expectedIssuer = expectedIssuer;
  }

  /** A server of which nothing but the token endpoint is known. */
  public static AuthorizationServer ofTokenEndpoint(URI tokenEndpoint) {
    return new AuthorizationServer(null, tokenEndpoint, null, Map.of(), null);
  }

  /**
   * A server of which nothing but endpoints is known.
   *
   * @param others endpoints beside the token endpoint
   */
  public static AuthorizationServer ofEndpoints(URI tokenEndpoint, Map<Endpoint, URI> others) {
    Map<String, Object> members = new LinkedHashMap<>();
    others.forEach((endpoint, url) -> members.put(endpoint.member(), url.toString()));
    return new AuthorizationServer(null, tokenEndpoint, null, members, null);
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
        Objects.requireNonNull(issuer, "issuer"), tokenEndpoint, authMethods, metadata, null);
  }

  /**
   * The same server, which calls itself otherwise in what it issues.
   *
   * @param names what counts in place of the issuer
   */
  public AuthorizationServer calledBy(ExpectedIssuer names) {
    return new AuthorizationServer(issuer, tokenEndpoint, authMethods, metadata, names);
  }

  /** The issuer identifier, as an exact string; empty when only endpoints were given. */
  public Optional<String> issuer() {
    return Optional.ofNullable(issuer);
  }

  /**
   * Whether what names this issuer is of this server: its issuer identifier, character by
   * character, or what {@link #calledBy} said in its place. Never when only endpoints were given.
   */
  public boolean isIssuer(String name) {
    return expectedIssuer == null ? name.equals(issuer) : expectedIssuer.isIssuer(name);
  }

  /** Where tokens are asked for. */
  public URI tokenEndpoint() {
    return tokenEndpoint;
  }

  /** Where an endpoint is; empty when the server does not have it, or it is not known. */
  public Optional<URI> endpoint(Endpoint endpoint) {
    return endpoint == Endpoint.TOKEN ? Optional.of(tokenEndpoint) : listedUrl(metadata, endpoint);
  }

  /**
   * Where an endpoint takes a client certificate: its alias in {@code mtls_endpoint_aliases} (RFC
   * 8705 section 5), else its usual URL.
   */
  public Optional<URI> mutualTlsEndpoint(Endpoint endpoint) {
    Optional<URI> alias =
        metadata.get("mtls_endpoint_aliases") instanceof Map<?, ?> aliases
            ? listedUrl(aliases, endpoint)
            : Optional.empty();
    return alias.or(() -> endpoint(endpoint));
  }

  /** Checked as an absolute https URL when the document was read. */
  private static Optional<URI> listedUrl(Map<?, ?> members, Endpoint endpoint) {
    return members.get(endpoint.member()) instanceof String url
        ? Optional.of(URI.create(url))
        : Optional.empty();
  }

  /**
   * The client authentication methods of the token endpoint. What the document lists; else {@code
   * client_secret_basic} alone, which is both RFC 8414's default and what a server of RFC 6749 must
   * support.
   */
  public List<String> tokenEndpointAuthMethods() {
    return authMethods == null ? DEFAULT_AUTH_METHODS : authMethods;
  }

  /**
   * The client authentication methods of an endpoint: what the document lists for it, else those of
   * the token endpoint.
   */
  public List<String> authMethods(Endpoint endpoint) {
    return metadata.get(endpoint.member() + "_auth_methods_supported") instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : tokenEndpointAuthMethods();
  }

  /**
   * What the document lists under a name, such as {@code dpop_signing_alg_values_supported}; empty
   * when it does not.
   */
  public Optional<List<String>> listed(String name) {
    return metadata.get(name) instanceof List<?> list
        ? Optional.of(list.stream().map(String::valueOf).toList())
        : Optional.empty();
  }

  /** Whether the document says {@code true} under a name; absent means false. */
  public boolean says(String name) {
    return Boolean.TRUE.equals(metadata.get(name));
  }

  /**
   * The {@code grant_types_supported} of the document, or RFC 8414's default where it lists none;
   * empty when only endpoints were given. Many servers leave it out and offer more.
   */
  public Set<String> grantTypes() {
    return listed("grant_types_supported", DEFAULT_GRANT_TYPES);
  }

  /**
   * The {@code response_modes_supported} of the document, or RFC 8414's default where it lists
   * none; empty when only endpoints were given.
   */
  public Set<String> responseModes() {
    return listed("response_modes_supported", DEFAULT_RESPONSE_MODES);
  }

  private Set<String> listed(String name, Set<String> whenAbsent) {
    return listed(name).map(Set::copyOf).orElse(issuer == null ? Set.of() : whenAbsent);
  }

  /**
   * Every member of the metadata document, unchecked; only endpoints when only those were given.
   */
  public Map<String, Object> metadata() {
    return metadata;
  }

  @Override
  public String toString() {
    return issuer == null ? Urls.shown(tokenEndpoint) : issuer;
  }
}
