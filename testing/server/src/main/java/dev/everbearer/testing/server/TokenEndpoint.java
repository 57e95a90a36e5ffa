package dev.everbearer.testing.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The healthy token endpoint (RFC 6749 section 3.2). */
final class TokenEndpoint {

  private final ClientAuthenticator clients;
  private final Map<String, GrantType> grantTypes = new LinkedHashMap<>();

  TokenEndpoint(ClientAuthenticator clients) {
    this.clients = clients;
  }

  void add(String name, GrantType grantType) {
    grantTypes.put(name, grantType);
  }

  List<String> grantTypes() {
    return List.copyOf(grantTypes.keySet());
  }

  Answer answer(RecordedRequest request, OAuthForm form) {
    RegisteredClient client = clients.authenticate(request, form);
    String name = form.required("grant_type");
    GrantType grantType = grantTypes.get(name);
    if (grantType == null) {
      throw OAuthError.of("unsupported_grant_type", "Unknown grant type: " + name);
    }
    if (!client.mayUse(name)) {
      throw OAuthError.of("unauthorized_client", "The client is not registered for " + name);
    }
    return grantType.answer(new TokenRequest(client, form));
  }
}
