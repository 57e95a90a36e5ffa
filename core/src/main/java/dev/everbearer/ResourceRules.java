package dev.everbearer;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.login.Login;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Scope;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The decisions on the way from an API's URL to a client. */
final class ResourceRules {

  private static final String OFFLINE = "offline_access";

  private ResourceRules() {}

  /** RFC 9728 section 2: how tokens are sent there. */
  static void requireUsable(ResourceMetadata metadata, boolean hasDpopKey) {
    if (!metadata.takesHeader()) {
      throw refused(
          "%s takes no token in the Authorization header, and we send it no other way (RFC 9700"
                  .formatted(metadata)
              + " section 4.3.2). Ask its operator.");
    }
    if (metadata.requiresDpop() && !hasDpopKey) {
      throw refused(
          "%s takes only tokens that are bound to a DPoP key, and this client has none. Give it one by dpop()."
              .formatted(metadata));
    }
  }

  /**
   * The first of the API's authorization servers that is known, else the first that is approved.
   */
  static String issuer(
      ResourceMetadata metadata, Predicate<String> isKnown, Predicate<String> isApproved) {
    List<String> candidates = metadata.authorizationServers();
    if (candidates.isEmpty()) {
      throw refused(
          "%s names no authorization server. Configure one by issuer(...) of an OAuthClient."
              .formatted(metadata));
    }
    return candidates.stream()
        .filter(isKnown)
        .findFirst()
        .or(() -> candidates.stream().filter(isApproved).findFirst())
        .orElseThrow(
            () ->
                refused(
                    "%s names the authorization servers %s, and none of them is known or was"
                            .formatted(metadata, String.join(", ", candidates))
                        + " approved. An API may name whom it likes: register the client there"
                        + " (registered(...)), trust(...) one, or ask the person by"
                        + " approve(...)."));
  }

  static void requirePkce(AuthorizationServer server) {
    boolean hasPkce =
        server
            .listed("code_challenge_methods_supported")
            .map(methods -> methods.contains("S256"))
            .orElse(false);
    if (!hasPkce) {
      throw refused(
          "The authorization server %s does not say in its metadata that it has PKCE with S256,"
                  .formatted(server)
              + " which MCP requires. Ask its operator.");
    }
  }

  /**
   * Registered there; else by the client's metadata document, where the server reads them; else
   * null.
   */
  static @Nullable ClientAuthentication authentication(
      AuthorizationServer server,
      Map<String, ClientAuthentication> registered,
      @Nullable String metadataDocument) {
    ClientAuthentication known = registered.get(server.issuer().orElse(""));
    if (known != null) {
      return known;
    }
    return metadataDocument != null && server.says("client_id_metadata_document_supported")
        ? ClientAuthentication.none(metadataDocument)
        : null;
  }

  static OAuthException unregistered(
      AuthorizationServer server, Set<String> registered, boolean wouldRegister) {
    String others =
        registered.isEmpty()
            ? ""
            : " It is registered at %s, and credentials of one server never go to another."
                .formatted(String.join(", ", registered));
    boolean isDynamic = server.endpoint(Endpoint.REGISTRATION).isPresent();
    String dynamic =
        isDynamic
            ? " The server registers clients at its registration endpoint: allow that by"
                + " register(...)."
            : wouldRegister ? " The server registers no clients by itself." : "";
    return refused(
        "The client is not registered at %s.%s%s Register it there and say so by registered(...)."
            .formatted(server, others, dynamic));
  }

  /** Where there is no browser, or nothing that one could open. */
  static boolean isOnAnotherDevice(@Nullable Login login, AuthorizationServer server) {
    if (login == null || login.devicePrompt().isEmpty()) {
      return false;
    }
    return !login.usesBrowser() || server.endpoint(Endpoint.AUTHORIZATION).isEmpty();
  }

  /** The challenge's scope, else all that the API lists, else none. */
  static Scope scope(ResourceStart.Hint hint, ResourceMetadata metadata) {
    try {
      return hint.scope().isEmpty() ? Scope.of(metadata.scopesSupported()) : Scope.of(hint.scope());
    } catch (IllegalArgumentException e) {
      throw refused(
          "%s wants a scope that is none (RFC 6749 section 3.3). Give one by scope(...)."
              .formatted(metadata));
    }
  }

  static Scope withOfflineAccess(Scope scope, AuthorizationServer server) {
    boolean isOffered =
        server.listed("scopes_supported").map(all -> all.contains(OFFLINE)).orElse(false);
    List<String> tokens = new ArrayList<>(scope.tokens());
    tokens.remove(OFFLINE);
    if (isOffered) {
      tokens.add(OFFLINE);
    }
    return Scope.of(tokens);
  }

  /** The value of {@code resource} parameters: as the API spells it, or canonical for MCP. */
  static String identifier(ResourceMetadata metadata, boolean isMcp) {
    URI resource = metadata.resource();
    if (!isMcp) {
      return resource.toString();
    }
    String path = "/".equals(resource.getRawPath()) ? "" : resource.getRawPath();
    String query = resource.getRawQuery() == null ? "" : "?" + resource.getRawQuery();
    return resource.getScheme().toLowerCase(Locale.ROOT)
        + "://"
        + resource.getRawAuthority().toLowerCase(Locale.ROOT)
        + path
        + query;
  }

  private static OAuthException refused(String message) {
    return Failure.builder(FailureKind.REFUSED, message).build().toException();
  }
}
