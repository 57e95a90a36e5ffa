package dev.everbearer.testing.server;

import dev.everbearer.testing.server.AuthorizationRequestReader.Received;
import java.time.InstantSource;
import java.util.Objects;

/** The healthy authorization endpoint (RFC 6749 section 3.1), where everybody is logged in. */
final class AuthorizationEndpoint {

  private final InstantSource clock;
  private final AuthorizationRequestReader requests;
  private final AuthorizationResponses responses;
  private final AuthorizationCodes codes;
  private final GrantRules grants;
  private final AuthorizationScript script;

  AuthorizationEndpoint(
      InstantSource clock,
      AuthorizationRequestReader requests,
      AuthorizationResponses responses,
      AuthorizationCodes codes,
      GrantRules grants,
      AuthorizationScript script) {
    this.clock = clock;
    this.requests = requests;
    this.responses = responses;
    this.codes = codes;
    this.grants = grants;
    this.script = script;
  }

  Answer answer(RecordedRequest request) {
    Received received;
    try {
      received = requests.read(request);
    } catch (OAuthError e) {
      return errorPage(e);
    }
    return responses.send(received, outcome(received));
  }

  private AuthorizationResponse outcome(Received received) {
    try {
      AuthorizationRequest request =
          AuthorizationRequest.check(
              received.client(),
              received.parameters(),
              received.redirectUri(),
              grants,
              script.isPkceRequired());
      AuthorizationScript.Denial denial = script.nextDenial();
      return denial != null
          ? error(denial.error(), denial.description() == null ? "" : denial.description())
          : AuthorizationResponse.empty().and("code", code(request));
    } catch (OAuthError e) {
      return error(e.code(), Objects.requireNonNullElse(e.getMessage(), ""));
    }
  }

  private static AuthorizationResponse error(String code, String description) {
    AuthorizationResponse error = AuthorizationResponse.empty().and("error", code);
    return description.isEmpty() ? error : error.and("error_description", description);
  }

  private String code(AuthorizationRequest request) {
    Login login = script.login(clock.instant(), request);
    Grant grant = grants.grant(request.client().id(), request.parameters(), login);
    return codes.issue(request, grant, script.codeLifetime());
  }

  private static Answer errorPage(OAuthError error) {
    String text = error.code() + ": " + error.getMessage();
    return Html.page(400, "<p>" + Html.escape(text) + "</p>");
  }
}
