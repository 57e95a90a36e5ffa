package dev.everbearer.client;

import dev.everbearer.wire.JsonBody;
import dev.everbearer.wire.Urls;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A client that is known by the URL of a document which it publishes (OAuth Client ID Metadata
 * Document). Only for servers whose metadata has {@code client_id_metadata_document_supported}.
 * Immutable and thread-safe.
 */
public final class ClientIdDocument {

  private static final Set<String> SECRET_METHODS =
      Set.of("client_secret_basic", "client_secret_post", "client_secret_jwt");

  private final String clientId;
  private final Map<String, Object> members;

  private ClientIdDocument(String clientId, Map<String, Object> members) {
    this.clientId = clientId;
    this.members = members;
  }

  /**
   * The document of a client.
   *
   * @param url where it will be, and so the client id: https, with a path, without dot segments,
   *     fragment or user information
   * @param metadata what it says; without a method it proves itself by nothing ({@code none})
   * @throws IllegalArgumentException if the URL is not such a one, or the method needs a secret,
   *     which a published document cannot share
   */
  public static ClientIdDocument at(String url, ClientMetadata metadata) {
    requireClientId(url);
    String method = metadata.authMethod().orElse("none");
    if (SECRET_METHODS.contains(method)) {
      throw new IllegalArgumentException(
          "A client that publishes its metadata shares no secret with a server: %s is not for it."
                  .formatted(method)
              + " Use none, or private_key_jwt.");
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("client_id", url);
    members.putAll(metadata.members());
    members.put("token_endpoint_auth_method", method);
    return new ClientIdDocument(url, members);
  }

  private static void requireClientId(String url) {
    URI uri = Urls.parse("client id", url);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String segments = path.toLowerCase(Locale.ROOT).replace("%2e", ".") + "/";
    require("https".equals(uri.getScheme()) && uri.getHost() != null, url, "is not https");
    require(!path.isEmpty(), url, "has no path");
    require(!segments.contains("/./") && !segments.contains("/../"), url, "has a dot segment");
    require(uri.getRawFragment() == null, url, "has a fragment");
    require(uri.getRawUserInfo() == null, url, "has user information");
  }

  private static void require(boolean holds, String url, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(
          "The URL of a client ID metadata document must be https with a path, and %s %s."
              .formatted(Urls.shown(url), otherwise));
    }
  }

  /** The client id: the URL, character by character. */
  public String clientId() {
    return clientId;
  }

  /** What to publish there, as {@code application/json}. */
  public String json() {
    return new JsonBody(members).encoded();
  }

  @Override
  public String toString() {
    return "ClientIdDocument[" + Urls.shown(clientId) + "]";
  }
}
