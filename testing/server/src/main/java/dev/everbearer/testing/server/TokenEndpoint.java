package dev.everbearer.testing.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The healthy token endpoint (RFC 6749 section 3.2). */
final class TokenEndpoint {

  private final ClientAuthenticator clients;
  private final Confirmations confirmations;
  private final Map<String, GrantType> grantTypes = new LinkedHashMap<>();

  TokenEndpoint(ClientAuthenticator clients, Confirmations confirmations) {
    this.clients = clients;
    this.confirmations = confirmations;
  }

  void add(String name, GrantType grantType) {
    grantTypes.put(name, grantType);
  }

  List<String> grantTypes() {
    return List.copyOf(grantTypes.keySet());
  }

  Answer answer(RecordedRequest request, OAuthForm form) {
    // 1. Who asks, and which key the tokens are to be bound to; nothing is used up by that.
    RegisteredClient client = clients.authenticate(request, form);
    Confirmation confirmation = confirmations.of(request, client);
    // 2. What is asked for.
    String name = form.required("grant_type");
    GrantType grantType = grantTypes.get(name);
    if (grantType == null) {
      throw OAuthError.of("unsupported_grant_type", "Unknown grant type: " + name);
    }
    if (!client.mayUse(name)) {
      throw OAuthError.of("unauthorized_client", "The client is not registered for " + name);
    }
    return grantType.answer(new TokenRequest(client, form, confirmation));
  }
}
