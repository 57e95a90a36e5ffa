package dev.everbearer.server.internal;

import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.Untrusted;
import dev.everbearer.wire.Urls;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks a protected resource's metadata, in the order of RFC 9728 section 3.3 and section 2. */
final class ResourceMetadataReader {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.server");

  private static final List<String> LISTS =
      List.of(
          "authorization_servers",
          "scopes_supported",
          "bearer_methods_supported",
          "resource_signing_alg_values_supported",
          "authorization_details_types_supported",
          "dpop_signing_alg_values_supported");

  private static final List<String> SWITCHES =
      List.of("tls_client_certificate_bound_access_tokens", "dpop_bound_access_tokens_required");

  private final URI expected;
  private final boolean allowsPrefix;
  private final EndpointRules rules;

  /**
   * A reader of the document for one URL.
   *
   * @param expected the identifier that the location was made from, or the URL that was called
   * @param allowsPrefix whether the document of a resource that covers the URL counts as well
   */
  ResourceMetadataReader(URI expected, boolean allowsPrefix, EndpointRules rules) {
    this.expected = expected;
    this.allowsPrefix = allowsPrefix;
    this.rules = rules;
  }

  /** The document is no usable description of this resource; the message says why. */
  static final class UnusableResourceException extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableResourceException(String message) {
      super(message);
    }
  }

  ResourceMetadata read(Map<String, Object> document) throws UnusableResourceException {
    // 1. The resource is the one that was asked for (section 3.3).
    URI resource = requireResource(document.get("resource"));
    // 2. Lists are lists of strings that hold something, switches are booleans (section 2, 3.2).
    for (String name : LISTS) {
      requireStrings(name, document.get(name));
    }
    for (String name : SWITCHES) {
      Object value = document.get(name);
      if (value != null && !(value instanceof Boolean)) {
        throw new UnusableResourceException("its " + name + " is not true or false");
      }
    }
    // 3. Authorization servers are issuers: https URLs without query and fragment.
    if (document.get("authorization_servers") instanceof List<?> issuers) {
      for (Object issuer : issuers) {
        requireIssuer(String.valueOf(issuer));
      }
    }
    if (document.containsKey("signed_metadata")) {
      LOG.log(
          System.Logger.Level.INFO,
          "The metadata of {0} has signed_metadata, which is not evaluated; the plain members"
              + " count.",
          Urls.shown(resource));
    }
    return ResourceMetadata.discovered(resource, document);
  }

  private URI requireResource(@Nullable Object found) throws UnusableResourceException {
    if (!(found instanceof String text)) {
      throw new UnusableResourceException("it names no resource");
    }
    if (text.equals(expected.toString())) {
      return expected;
    }
    try {
      URI resource = new URI(text);
      if (allowsPrefix
          && resource.getRawFragment() == null
          && ResourceIdentifier.covers(resource, expected)) {
        return resource;
      }
    } catch (URISyntaxException e) {
      throw new UnusableResourceException("its resource is not a URL");
    }
    throw new UnusableResourceException(
        "it is of another resource, '%s'; it must %s %s"
            .formatted(
                shorten(text),
                allowsPrefix ? "be, or cover," : "be, character by character,",
                Urls.shown(expected)));
  }

  private void requireIssuer(String text) throws UnusableResourceException {
    if (!isIssuer(text)) {
      throw new UnusableResourceException(
          "its authorization_servers has what is no issuer, '%s'".formatted(shorten(text)));
    }
  }

  private boolean isIssuer(String text) {
    try {
      return rules.check("issuer", new URI(text)).getRawQuery() == null;
    } catch (IllegalArgumentException | URISyntaxException e) {
      return false;
    }
  }

  private static void requireStrings(String name, @Nullable Object value)
      throws UnusableResourceException {
    if (value == null) {
      return;
    }
    if (!(value instanceof List<?> list)
        || list.isEmpty()
        || !list.stream().allMatch(element -> element instanceof String)) {
      throw new UnusableResourceException("its " + name + " is not a list of strings, or empty");
    }
  }

  private static String shorten(String text) {
    return Untrusted.printable(text, 200);
  }
}
