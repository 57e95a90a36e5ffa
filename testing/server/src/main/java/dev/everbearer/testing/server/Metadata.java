package dev.everbearer.testing.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The metadata document (RFC 8414, OpenID Connect Discovery) and the places it is found at. */
final class Metadata {

  private static final String OAUTH = "/.well-known/oauth-authorization-server";
  private static final String OPENID = "/.well-known/openid-configuration";

  private final Supplier<Map<String, Object>> truth;
  private final Set<String> paths;
  private final Map<String, Object> overrides = new ConcurrentHashMap<>();
  private final Set<String> removed = ConcurrentHashMap.newKeySet();

  Metadata(String issuerPath, Supplier<Map<String, Object>> truth) {
    this.truth = truth;
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

  Answer answer(RecordedRequest request) {
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    return reads ? document() : Answers.onlyAllowed("GET");
  }

  private Answer document() {
    Map<String, Object> document = new LinkedHashMap<>(truth.get());
    document.putAll(overrides);
    document.keySet().removeAll(removed);
    return Answer.json(200, Json.write(document));
  }
}
