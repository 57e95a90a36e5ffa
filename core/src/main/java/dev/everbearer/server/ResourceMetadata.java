package dev.everbearer.server;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What an API publishes about itself (RFC 9728 section 2), after all checks. The authorization
 * servers in it are candidates: that a document names one is no reason to trust it. Immutable and
 * thread-safe.
 */
public final class ResourceMetadata {

  private final URI resource;
  private final Map<String, Object> members;

  private ResourceMetadata(URI resource, Map<String, Object> members) {
    this.resource = Objects.requireNonNull(resource, "resource");
    this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /**
   * A document whose members were checked.
   *
   * @param resource its {@code resource}
   * @param members the whole document
   */
  public static ResourceMetadata discovered(URI resource, Map<String, Object> members) {
    return new ResourceMetadata(resource, members);
  }

  /** The resource identifier: what goes into {@code resource} parameters (RFC 8707). */
  public URI resource() {
    return resource;
  }

  /** The issuers of authorization servers that may give tokens for it; empty when not listed. */
  public List<String> authorizationServers() {
    return listed("authorization_servers").orElse(List.of());
  }

  /** The scopes for requests to it; empty when not listed. */
  public List<String> scopesSupported() {
    return listed("scopes_supported").orElse(List.of());
  }

  /** Whether a token may stand in the {@code Authorization} header; so it is when not listed. */
  public boolean takesHeader() {
    return listed("bearer_methods_supported").map(all -> all.contains("header")).orElse(true);
  }

  /** Whether it takes only access tokens that are bound to a DPoP key (RFC 9449). */
  public boolean requiresDpop() {
    return Boolean.TRUE.equals(members.get("dpop_bound_access_tokens_required"));
  }

  /** Whether it supports access tokens that are bound to a client certificate (RFC 8705). */
  public boolean supportsCertificateBoundTokens() {
    return Boolean.TRUE.equals(members.get("tls_client_certificate_bound_access_tokens"));
  }

  /** The algorithms of DPoP proofs that it takes; empty when not listed, which limits nothing. */
  public List<String> dpopAlgorithms() {
    return listed("dpop_signing_alg_values_supported").orElse(List.of());
  }

  /** What the document lists under a name; empty when it does not. */
  public Optional<List<String>> listed(String name) {
    return members.get(name) instanceof List<?> list
        ? Optional.of(list.stream().map(String::valueOf).toList())
        : Optional.empty();
  }

  /** Every member of the document; those that RFC 9728 does not define are unchecked. */
  public Map<String, Object> metadata() {
    return members;
  }

  @Override
  public String toString() {
    return resource.getScheme() + "://" + resource.getRawAuthority() + resource.getRawPath();
  }
}
