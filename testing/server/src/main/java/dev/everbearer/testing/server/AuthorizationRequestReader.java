package dev.everbearer.testing.server;

import java.util.Set;

/** Finds out who sent an authorization request and what is asked for, wherever that is written. */
final class AuthorizationRequestReader {

  /** A request whose answer can be sent to the client. */
  record Received(RegisteredClient client, OAuthForm parameters, String redirectUri) {}

  private static final Set<String> WITH_REQUEST_URI = Set.of("client_id", "request_uri");

  private final ClientRegistry clients;
  private final RequestObjects requestObjects;
  private final PushedRequests pushed;
  private final AuthorizationScript script;

  AuthorizationRequestReader(
      ClientRegistry clients,
      RequestObjects requestObjects,
      PushedRequests pushed,
      AuthorizationScript script) {
    this.clients = clients;
    this.requestObjects = requestObjects;
    this.pushed = pushed;
    this.script = script;
  }

  /**
   * Reads a request.
   *
   * @throws OAuthError if client or redirect URI are not good, so that nothing may be redirected
   */
  Received read(RecordedRequest request) {
    OAuthForm sent =
        request.method().equals("POST")
            ? OAuthForm.of(request, true)
            : OAuthForm.ofQuery(request.query().orElse(""), true);
    RegisteredClient client =
        clients
            .find(sent.required("client_id"))
            .orElseThrow(() -> OAuthError.invalidRequest("The client_id is unknown"));
    OAuthForm parameters = parameters(client, sent);
    return new Received(client, parameters, RedirectUris.of(client, parameters));
  }

  private OAuthForm parameters(RegisteredClient client, OAuthForm sent) {
    if (sent.has("request") && sent.has("request_uri")) {
      throw OAuthError.invalidRequest("Either request or request_uri, not both");
    }
    if (sent.has("request_uri")) {
      if (!WITH_REQUEST_URI.containsAll(sent.names())) {
        throw OAuthError.invalidRequest("With a request_uri, only client_id: " + sent.names());
      }
      return pushed.take(sent.required("request_uri"), client.id());
    }
    if (script.isPushingRequired() || client.is("require_pushed_authorization_requests")) {
      throw OAuthError.invalidRequest("The request must be pushed");
    }
    if (sent.has("request")) {
      return requestObjects.open(client, sent);
    }
    if (script.isRequestObjectRequired() || client.is("require_signed_request_object")) {
      throw OAuthError.invalidRequest("The request must be signed");
    }
    return sent;
  }
}
