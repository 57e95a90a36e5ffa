package dev.everbearer.login.internal;

import dev.everbearer.server.AuthorizationServer;
import org.jspecify.annotations.Nullable;

/**
 * How the answer to an authorization request comes back: {@code response_mode} (OAuth 2.0 Multiple
 * Response Types, Form Post Response Mode, JARM section 2.3).
 *
 * @param isFormPost whether the browser posts it as a form
 * @param isJwt whether it is one JWT
 */
record AnswerMode(boolean isFormPost, boolean isJwt) {

  /** What authorization codes come by if nothing else is said. */
  static final AnswerMode QUERY = new AnswerMode(false, false);

  private static final String SUPPORTED = "response_modes_supported";

  AnswerMode byFormPost() {
    return new AnswerMode(true, isJwt);
  }

  AnswerMode byJwt() {
    return new AnswerMode(isFormPost, true);
  }

  /** The value to ask for; null when it goes without saying. */
  @Nullable String parameter() {
    if (isFormPost) {
      return isJwt ? "form_post.jwt" : "form_post";
    }
    return isJwt ? "jwt" : null;
  }

  /** Whether the metadata, if it lists modes at all, lists none by which JWTs come this way. */
  boolean isRuledOutBy(AuthorizationServer server) {
    String exact = isFormPost ? "form_post.jwt" : "query.jwt";
    return isJwt
        && server
            .listed(SUPPORTED)
            .filter(modes -> !modes.contains("jwt") && !modes.contains(exact))
            .isPresent();
  }
}
