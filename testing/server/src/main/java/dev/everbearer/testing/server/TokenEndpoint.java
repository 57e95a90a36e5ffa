package dev.everbearer.testing.server;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The healthy token endpoint (RFC 6749 section 3.2). */
final class TokenEndpoint {

  private final ClientAuthenticator clients;
  private final Confirmations confirmations;
  private final Map<String, GrantType> grantTypes = new LinkedHashMap<>();

  private final Set<String> forAnybody = new HashSet<>();

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

  /** Adds a grant type that a client may use without saying who it is (RFC 7521 section 4.1). */
  void addForAnybody(String name, GrantType grantType) {
    add(name, grantType);
    forAnybody.add(name);
  }

  Answer answer(RecordedRequest request, OAuthForm form) {
    // 1. Who asks, and which key the tokens are to be bound to; nothing is used up by that.
    RegisteredClient client = client(request, form);
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

  private RegisteredClient client(RecordedRequest request, OAuthForm form) {
    boolean maySayNothing = form.first("grant_type").filter(forAnybody::contains).isPresent();
    return maySayNothing && !ClientAuthenticator.isTried(request, form)
        ? new RegisteredClient("", null, Map.of())
        : clients.authenticate(request, form);
  }
}
