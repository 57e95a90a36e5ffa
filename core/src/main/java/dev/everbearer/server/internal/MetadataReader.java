package dev.everbearer.server.internal;

import dev.everbearer.server.AuthorizationServer;
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

  private final String issuer;
  private final EndpointRules rules;

  MetadataReader(String issuer, EndpointRules rules) {
    this.issuer = issuer;
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
    // 1. The issuer is the configured one, code point by code point (section 3.3).
    requireIssuer(document.get("issuer"));
    // 2. The endpoints are absolute https URLs (section 2).
    for (Map.Entry<String, Object> member : document.entrySet()) {
      if (member.getKey().endsWith("_endpoint") || member.getKey().equals("jwks_uri")) {
        requireEndpoint(member.getKey(), member.getValue());
      }
    }
    Object tokenEndpoint = document.get("token_endpoint");
    if (tokenEndpoint == null) {
      throw new UnusableMetadataException("it has no token_endpoint");
    }
    // 3. Lists are lists of strings (section 2).
    List<String> methods = strings(document, "token_endpoint_auth_methods_supported");
    strings(document, "grant_types_supported");
    if (document.containsKey("signed_metadata")) {
      LOG.log(
          System.Logger.Level.INFO,
          "The metadata of {0} has signed_metadata, which is not evaluated; the plain members"
              + " count.",
          issuer);
    }
    return AuthorizationServer.discovered(
        issuer, requireEndpoint("token_endpoint", tokenEndpoint), methods, document);
  }

  private void requireIssuer(@Nullable Object found) throws UnusableMetadataException {
    if (!issuer.equals(found)) {
      throw new UnusableMetadataException(
          found instanceof String text
              ? "it is of another issuer, '%s'; the issuer must match character by character, a"
                      .formatted(shorten(text))
                  + " trailing slash included"
              : "it names no issuer");
    }
  }

  private static String shorten(String text) {
    return Untrusted.printable(text, 200);
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
