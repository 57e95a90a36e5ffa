package dev.everbearer.testing.server;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An authorization request without fault (RFC 6749 section 4.1.1), as {@link #check} made sure. */
record AuthorizationRequest(RegisteredClient client, OAuthForm parameters, String redirectUri) {

  /**
   * Checks everything but the client and the redirect URI, which must be good by now.
   *
   * @throws OAuthError with the code that is to be sent to the redirect URI
   */
  static AuthorizationRequest check(
      RegisteredClient client,
      OAuthForm parameters,
      String redirectUri,
      GrantRules grants,
      boolean pkceRequired) {
    // 1. The response type and the way of the answer.
    if (!parameters.required("response_type").equals("code")) {
      throw OAuthError.of("unsupported_response_type", "The response_type must be code");
    }
    parameters.first("response_mode").ifPresent(ResponseMode::requireKnown);
    // 2. PKCE.
    Pkce.checkRequest(parameters, pkceRequired);
    // 3. What is asked for.
    grants.check(parameters);
    // 4. DPoP.
    parameters.first("dpop_jkt").ifPresent(AuthorizationRequest::requireThumbprint);
    // 5. OpenID Connect.
    parameters.first("max_age").ifPresent(AuthorizationRequest::requireSeconds);
    return new AuthorizationRequest(client, parameters, redirectUri);
  }

  private static void requireSeconds(String maxAge) {
    if (!maxAge.matches("\\d{1,9}")) {
      throw OAuthError.invalidRequest("The max_age is no number of seconds: " + maxAge);
    }
  }

  private static void requireThumbprint(String jkt) {
    if (!jkt.matches("[A-Za-z0-9_-]{43}")) {
      throw OAuthError.invalidRequest("The dpop_jkt is no SHA-256 in base64url: " + jkt);
    }
  }

  Optional<Duration> maxAge() {
    return parameters.first("max_age").map(Long::parseLong).map(Duration::ofSeconds);
  }

  Optional<String> firstAcr() {
    return parameters.first("acr_values").map(values -> values.split(" ")[0]);
  }

  boolean wantsLogin() {
    List<String> prompt = Arrays.asList(parameters.first("prompt").orElse("").split(" "));
    return prompt.contains("login");
  }
}
