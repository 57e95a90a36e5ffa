package dev.everbearer.testing.server;

import java.util.LinkedHashMap;
import java.util.Map;

/** A refusal by one of the endpoints of the authorization server. */
final class OAuthError extends RuntimeException {

  private final int status;
  private final String code;

  private OAuthError(int status, String code, String description) {
    super(description, null, false, false);
    this.status = status;
    this.code = code;
  }

  static OAuthError invalidRequest(String description) {
    return new OAuthError(400, "invalid_request", description);
  }

  static OAuthError invalidClient(String description) {
    return new OAuthError(401, "invalid_client", description);
  }

  /** An error of any other code, with status 400. */
  static OAuthError of(String code, String description) {
    return new OAuthError(400, code, description);
  }

  String code() {
    return code;
  }

  Answer toAnswer() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("error", code);
    document.put("error_description", String.valueOf(getMessage()));
    Answer answer = Answers.uncached(Answer.json(status, Json.write(document)));
    return status == 401
        ? answer.header("WWW-Authenticate", "Basic realm=\"authorization server\"")
        : answer;
  }
}
