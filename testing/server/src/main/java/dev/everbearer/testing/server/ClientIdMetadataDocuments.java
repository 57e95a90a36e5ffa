package dev.everbearer.testing.server;

import java.net.URI;
import java.text.ParseException;
import java.util.Map;

/** Checks client ID metadata documents (draft-ietf-oauth-client-id-metadata-document). */
final class ClientIdMetadataDocuments {

  private ClientIdMetadataDocuments() {}

  /**
   * The client that a document describes.
   *
   * @param url where the document is, and so the client id
   * @throws IllegalArgumentException if a server must not take the document
   */
  static RegisteredClient client(String url, String json) {
    // 1. The client id (section 3).
    URI uri = URI.create(url);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    boolean isGood =
        "https".equals(uri.getScheme())
            && path.startsWith("/")
            && !path.matches(".*/\\.{1,2}(/.*)?")
            && uri.getRawFragment() == null
            && uri.getRawUserInfo() == null;
    require(isGood, "The URL must be https, with a path, without dots, fragment and user");
    // 2. The document (section 4).
    Map<String, Object> metadata = parsed(json);
    require(url.equals(metadata.get("client_id")), "The client_id must be the URL");
    require(!metadata.containsKey("client_secret"), "There must be no client_secret");
    require(!metadata.containsKey("client_secret_expires_at"), "There must be no secret's end");
    RegisteredClient client = new RegisteredClient(url, null, metadata);
    require(
        client.methods().stream().noneMatch(ClientAuthMethod.WITH_SECRET::contains),
        "The token_endpoint_auth_method must need no secret");
    return client;
  }

  private static Map<String, Object> parsed(String json) {
    try {
      return Json.readObject(json);
    } catch (ParseException e) {
      throw new IllegalArgumentException("The document is no JSON object", e);
    }
  }

  private static void require(boolean isGood, String rule) {
    if (!isGood) {
      throw new IllegalArgumentException(rule);
    }
  }
}
