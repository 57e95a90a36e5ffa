package dev.everbearer.testing.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A refusal by one of the endpoints of the authorization server. */
final class OAuthError extends RuntimeException {

  private final int status;
  private final String code;
  private final @Nullable Header header;

  private OAuthError(int status, String code, String description, @Nullable Header header) {
    super(description, null, false, false);
    this.status = status;
    this.code = code;
    this.header = header;
  }

  static OAuthError invalidRequest(String description) {
    return new OAuthError(400, "invalid_request", description, null);
  }

  static OAuthError invalidClient(String description) {
    return new OAuthError(401, "invalid_client", description, null);
  }

  /** An error of any other code, with status 400. */
  static OAuthError of(String code, String description) {
    return new OAuthError(400, code, description, null);
  }

  /** With a header field in the answer, in place of an earlier one. */
  OAuthError withHeader(String name, String value) {
    return new OAuthError(status, code, String.valueOf(getMessage()), new Header(name, value));
  }

  String code() {
    return code;
  }

  Answer toAnswer() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("error", code);
    document.put("error_description", String.valueOf(getMessage()));
    Answer answer = Answers.uncached(Answer.json(status, Json.write(document)));
    if (header != null) {
      answer = answer.header(header.name(), header.value());
    }
    return status == 401
        ? answer.header("WWW-Authenticate", "Basic realm=\"authorization server\"")
        : answer;
  }
}
