package dev.everbearer.testing.server;

import java.util.Optional;
import java.util.function.Supplier;

/** The healthy logout endpoint (OpenID Connect RP-Initiated Logout sections 2 and 3). */
final class EndSessionEndpoint {

  private final Supplier<String> issuer;
  private final ClientRegistry clients;
  private final ServerKeys keys;
  private final AuthorizationScript persons;

  EndSessionEndpoint(
      Supplier<String> issuer,
      ClientRegistry clients,
      ServerKeys keys,
      AuthorizationScript persons) {
    this.issuer = issuer;
    this.clients = clients;
    this.keys = keys;
    this.persons = persons;
  }

  Answer answer(RecordedRequest request) {
    try {
      OAuthForm form =
          request.method().equals("POST")
              ? OAuthForm.of(request, true)
              : OAuthForm.ofQuery(request.query().orElse(""), true);
      Optional<RegisteredClient> client = client(form);
      Optional<String> back = form.first("post_logout_redirect_uri");
      back.ifPresent(uri -> requireRegistered(client, uri));
      persons.authenticatedAt(null);
      return back.map(uri -> redirect(uri, form))
          .orElseGet(() -> Html.page("<p>You are logged out.</p>"));
    } catch (OAuthError | BadJwt e) {
      return Html.page(400, "<p>" + Html.escape(String.valueOf(e.getMessage())) + "</p>");
    }
  }

  /** The client, by its id and by an ID token that it has, which may be expired. */
  private Optional<RegisteredClient> client(OAuthForm form) {
    Optional<String> named = form.first("client_id");
    Optional<String> hinted = form.first("id_token_hint").map(this::audience);
    if (named.isPresent() && hinted.isPresent() && !named.equals(hinted)) {
      throw OAuthError.invalidRequest("The client_id is not the aud of the id_token_hint");
    }
    return hinted
        .or(() -> named)
        .map(
            id ->
                clients
                    .find(id)
                    .orElseThrow(() -> OAuthError.invalidRequest("The client is unknown")));
  }

  private String audience(String idToken) {
    ReceivedJwt jwt = ReceivedJwt.parse(idToken);
    jwt.requireSignatureBy(keys.published());
    jwt.require("iss", issuer.get());
    return jwt.requiredText("aud");
  }

  private static void requireRegistered(Optional<RegisteredClient> client, String uri) {
    if (client.filter(c -> c.list("post_logout_redirect_uris").contains(uri)).isEmpty()) {
      throw OAuthError.invalidRequest("The post_logout_redirect_uri is not registered: " + uri);
    }
  }

  private static Answer redirect(String uri, OAuthForm form) {
    AuthorizationResponse none = AuthorizationResponse.empty();
    return form.first("state")
        .map(state -> ResponseMode.named("query").send(uri, none.and("state", state)))
        .orElseGet(() -> Answers.uncached(Answer.status(302).header("Location", uri)));
  }
}
