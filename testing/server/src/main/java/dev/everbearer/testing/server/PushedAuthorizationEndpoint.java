package dev.everbearer.testing.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The healthy pushed authorization request endpoint (RFC 9126 section 2). */
final class PushedAuthorizationEndpoint {

  private static final Set<String> OF_AUTHENTICATION =
      Set.of("client_secret", "client_assertion", "client_assertion_type");

  private final ClientAuthenticator clients;
  private final DpopProofs proofs;
  private final RequestObjects requestObjects;
  private final PushedRequests pushed;
  private final GrantRules grants;
  private final AuthorizationScript script;

  PushedAuthorizationEndpoint(
      ClientAuthenticator clients,
      DpopProofs proofs,
      RequestObjects requestObjects,
      PushedRequests pushed,
      GrantRules grants,
      AuthorizationScript script) {
    this.clients = clients;
    this.proofs = proofs;
    this.requestObjects = requestObjects;
    this.pushed = pushed;
    this.grants = grants;
    this.script = script;
  }

  Answer answer(RecordedRequest request, OAuthForm form) {
    // 1. Authenticate the client as at the token endpoint.
    RegisteredClient client = clients.authenticate(request, form);
    // 2. No request_uri, and a client_id in any case.
    if (form.has("request_uri")) {
      throw OAuthError.invalidRequest("A request_uri cannot be pushed");
    }
    form.required("client_id");
    // 3. Validate as the authorization endpoint would.
    OAuthForm sent = form.without(OF_AUTHENTICATION);
    OAuthForm parameters =
        sent.has("request") ? requestObjects.open(client, sent) : unsigned(client, sent);
    String redirectUri = RedirectUris.of(client, parameters);
    AuthorizationRequest.check(client, parameters, redirectUri, grants, script.isPkceRequired());
    // 4. A DPoP proof binds the code as dpop_jkt does (RFC 9449 section 10.1).
    OAuthForm bound = DpopProofs.isIn(request) ? bound(request, parameters) : parameters;
    return created(pushed.add(client.id(), bound, script.requestUriLifetime()));
  }

  private OAuthForm bound(RecordedRequest request, OAuthForm parameters) {
    String jkt = proofs.check(request, null);
    if (!parameters.first("dpop_jkt").orElse(jkt).equals(jkt)) {
      throw OAuthError.of("invalid_dpop_proof", "The DPoP key is not that of dpop_jkt");
    }
    return parameters.with("dpop_jkt", jkt);
  }

  private OAuthForm unsigned(RegisteredClient client, OAuthForm sent) {
    if (script.isRequestObjectRequired() || client.is("require_signed_request_object")) {
      throw OAuthError.invalidRequest("The request must be signed");
    }
    return sent;
  }

  private Answer created(String requestUri) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("request_uri", requestUri);
    document.put("expires_in", script.requestUriLifetime().toSeconds());
    return Answers.uncached(Answer.json(201, Json.write(document)));
  }
}
