package dev.everbearer.testing.server;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads and checks the metadata that a client wants registered (RFC 7591 sections 2 and 3.1). */
final class ClientMetadata {

  private ClientMetadata() {}

  /** The JSON object in a request. */
  static Map<String, Object> in(RecordedRequest request) {
    String type = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (!type.equals("application/json") && !type.startsWith("application/json;")) {
      throw OAuthError.invalidRequest("The Content-Type must be application/json: " + type);
    }
    try {
      String body = new String(request.body(), StandardCharsets.UTF_8);
      return Json.readObject(body);
    } catch (ParseException e) {
      throw OAuthError.invalidRequest("The body is no JSON object");
    }
  }

  /**
   * Checks metadata and fills in what is left out.
   *
   * @param grantTypes those that the server knows
   */
  static Map<String, Object> checked(Map<String, Object> asked, List<String> grantTypes) {
    Map<String, Object> metadata = new LinkedHashMap<>(asked);
    metadata.putIfAbsent("token_endpoint_auth_method", "client_secret_basic");
    metadata.putIfAbsent("grant_types", List.of("authorization_code"));
    metadata.putIfAbsent("response_types", List.of("code"));
    // 1. Methods and types that are known.
    String method = String.valueOf(metadata.get("token_endpoint_auth_method"));
    if (ClientAuthMethod.named(method).isEmpty()) {
      throw invalid("The token_endpoint_auth_method is unknown: " + method);
    }
    List<String> grants = strings(metadata, "grant_types");
    if (!grantTypes.containsAll(grants)) {
      throw invalid("The grant_types must be among " + grantTypes + ": " + grants);
    }
    if (!List.of("code").containsAll(strings(metadata, "response_types"))) {
      throw invalid("The response_types can be code only");
    }
    // 2. Redirect URIs, where somebody is redirected.
    checkRedirectUris(strings(metadata, "redirect_uris"), grants);
    // 3. Keys.
    checkKeys(metadata);
    return metadata;
  }

  private static void checkRedirectUris(List<String> uris, List<String> grants) {
    if (grants.contains("authorization_code") && uris.isEmpty()) {
      throw OAuthError.of("invalid_redirect_uri", "The redirect_uris are missing");
    }
    for (String uri : uris) {
      if (!RedirectUris.isRegistrable(uri)) {
        throw OAuthError.of("invalid_redirect_uri", "No absolute URI without fragment: " + uri);
      }
    }
  }

  private static void checkKeys(Map<String, Object> metadata) {
    Object jwks = metadata.get("jwks");
    if (jwks != null && metadata.containsKey("jwks_uri")) {
      throw invalid("Either jwks or jwks_uri, not both");
    }
    try {
      if (jwks != null
          && JWKSet.parse(Json.write(jwks)).getKeys().stream().anyMatch(JWK::isPrivate)) {
        throw invalid("The jwks holds a private key");
      }
    } catch (ParseException e) {
      throw invalid("The jwks is no JWK set");
    }
  }

  private static List<String> strings(Map<String, Object> metadata, String name) {
    Object value = metadata.getOrDefault(name, List.of());
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String::valueOf).toList();
    }
    throw invalid("No list of texts: " + name);
  }

  static OAuthError invalid(String description) {
    return OAuthError.of("invalid_client_metadata", description);
  }
}
