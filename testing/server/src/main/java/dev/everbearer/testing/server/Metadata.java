package dev.everbearer.testing.server;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The metadata document (RFC 8414, OpenID Connect Discovery) and the places it is found at. */
final class Metadata {

  private static final String OAUTH = "/.well-known/oauth-authorization-server";
  private static final String OPENID = "/.well-known/openid-configuration";

  private final ClientRegistry clients;
  private final Set<String> paths;
  private final Map<String, Object> overrides = new ConcurrentHashMap<>();
  private final Set<String> removed = ConcurrentHashMap.newKeySet();

  Metadata(ClientRegistry clients, String issuerPath) {
    this.clients = clients;
    this.paths =
        issuerPath.isEmpty()
            ? Set.of(OAUTH, OPENID)
            : Set.of(OAUTH + issuerPath, OPENID + issuerPath, issuerPath + OPENID);
  }

  boolean isAt(String path) {
    return paths.contains(path);
  }

  void override(Map<String, ?> entries) {
    removed.removeAll(entries.keySet());
    overrides.putAll(entries);
  }

  void remove(List<String> names) {
    removed.addAll(names);
  }

  Answer answer(ScriptedAuthorizationServer server) {
    Map<String, Object> document = trueDocument(server);
    document.putAll(overrides);
    document.keySet().removeAll(removed);
    return Answer.json(200, Json.write(document));
  }

  private Map<String, Object> trueDocument(ScriptedAuthorizationServer server) {
    List<String> methods = clients.acceptedNames();
    Map<String, Object> document = new LinkedHashMap<>();
    put(document, "issuer", server.issuer());
    put(document, "token_endpoint", server.tokenEndpoint());
    put(document, "revocation_endpoint", server.revocationEndpoint());
    put(document, "introspection_endpoint", server.introspectionEndpoint());
    document.put("grant_types_supported", List.of("client_credentials", "refresh_token"));
    document.put("response_types_supported", List.of());
    document.put("token_endpoint_auth_methods_supported", methods);
    document.put("revocation_endpoint_auth_methods_supported", methods);
    document.put("introspection_endpoint_auth_methods_supported", methods);
    return document;
  }

  private static void put(Map<String, Object> document, String name, URI uri) {
    document.put(name, uri.toString());
  }
}
