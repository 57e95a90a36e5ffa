package dev.everbearer.server.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ExpectedIssuer;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.Untrusted;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks a metadata document, in the order of RFC 8414 section 3.3 and section 2. */
final class MetadataReader {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.server");

  private static final String MTLS_ALIASES = "mtls_endpoint_aliases";

  /** The lists that we know; others are nobody's business here. */
  private static final List<String> LISTS =
      List.of(
          "authorization_details_types_supported",
          "client_attestation_pop_signing_alg_values_supported",
          "client_attestation_signing_alg_values_supported",
          "code_challenge_methods_supported",
          "dpop_signing_alg_values_supported",
          "grant_types_supported",
          "id_token_signing_alg_values_supported",
          "introspection_endpoint_auth_methods_supported",
          "prompt_values_supported",
          "response_modes_supported",
          "response_types_supported",
          "revocation_endpoint_auth_methods_supported",
          "scopes_supported",
          "token_endpoint_auth_methods_supported",
          "token_endpoint_auth_signing_alg_values_supported");

  private static final List<String> SWITCHES =
      List.of(
          "authorization_response_iss_parameter_supported",
          "client_id_metadata_document_supported",
          "request_parameter_supported",
          "request_uri_parameter_supported",
          "require_pushed_authorization_requests",
          "require_signed_request_object",
          "tls_client_certificate_bound_access_tokens");

  private final String issuer;
  private final @Nullable ExpectedIssuer expected;
  private final EndpointRules rules;

  MetadataReader(String issuer, @Nullable ExpectedIssuer expected, EndpointRules rules) {
    this.issuer = issuer;
    this.expected = expected;
    this.rules = rules;
  }

  /** The document is no usable description of this issuer; the message says why. */
  static final class UnusableMetadataException extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableMetadataException(String message) {
      super(message);
    }
  }

  AuthorizationServer read(Map<String, Object> document) throws UnusableMetadataException {
    // 1. The issuer is the configured one, code point by code point (section 3.3), or the one that
    //    is expressly expected in its place.
    requireIssuer(document.get("issuer"));
    // 2. The endpoints are absolute https URLs (section 2).
    requireEndpoints(document);
    Object tokenEndpoint = document.get("token_endpoint");
    if (tokenEndpoint == null) {
      throw new UnusableMetadataException("it has no token_endpoint");
    }
    // 3. Lists are lists of strings, switches are booleans (section 2).
    for (String name : LISTS) {
      strings(document, name);
    }
    for (String name : SWITCHES) {
      requireBoolean(name, document.get(name));
    }
    List<String> methods = strings(document, "token_endpoint_auth_methods_supported");
    if (document.containsKey("signed_metadata")) {
      LOG.log(
          System.Logger.Level.INFO,
          "The metadata of {0} has signed_metadata, which is not evaluated; the plain members"
              + " count.",
          issuer);
    }
    AuthorizationServer server =
        AuthorizationServer.discovered(
            issuer, requireEndpoint("token_endpoint", tokenEndpoint), methods, document);
    return expected == null ? server : server.calledBy(expected);
  }

  private void requireIssuer(@Nullable Object found) throws UnusableMetadataException {
    if (!(found instanceof String text)) {
      throw new UnusableMetadataException("it names no issuer");
    }
    if (expected == null ? !issuer.equals(text) : !expected.isInMetadata(text)) {
      throw new UnusableMetadataException(
          "it is of another issuer, '%s'%s; the issuer must match character by character, a"
                  .formatted(shorten(text), expected == null ? "" : " and not of " + expected)
              + " trailing slash included. If this server is known to call itself so,"
              + " ProviderProfile.builder().expectedIssuer(...) says it");
    }
  }

  private static String shorten(String text) {
    return Untrusted.printable(text, 200);
  }

  private void requireEndpoints(Map<?, ?> members) throws UnusableMetadataException {
    for (Map.Entry<?, ?> member : members.entrySet()) {
      String name = String.valueOf(member.getKey());
      if (name.endsWith("_endpoint") || name.equals("jwks_uri")) {
        requireEndpoint(name, member.getValue());
      } else if (name.equals(MTLS_ALIASES)) {
        requireEndpoints(members(name, member.getValue()));
      }
    }
  }

  private static Map<?, ?> members(String name, Object value) throws UnusableMetadataException {
    if (value instanceof Map<?, ?> members) {
      return members;
    }
    throw new UnusableMetadataException("its " + name + " is not an object");
  }

  private static void requireBoolean(String name, @Nullable Object value)
      throws UnusableMetadataException {
    if (value != null && !(value instanceof Boolean)) {
      throw new UnusableMetadataException("its " + name + " is not true or false");
    }
  }

  private URI requireEndpoint(String name, Object value) throws UnusableMetadataException {
    if (!(value instanceof String text)) {
      throw new UnusableMetadataException("its " + name + " is not a string");
    }
    try {
      return rules.check(name, new URI(text));
    } catch (IllegalArgumentException | URISyntaxException e) {
      throw new UnusableMetadataException("its " + name + " is not an absolute https URL");
    }
  }

  private static @Nullable List<String> strings(Map<String, Object> document, String name)
      throws UnusableMetadataException {
    Object value = document.get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof List<?> list)
        || !list.stream().allMatch(element -> element instanceof String)) {
      throw new UnusableMetadataException("its " + name + " is not a list of strings");
    }
    return list.stream().map(String.class::cast).toList();
  }
}
