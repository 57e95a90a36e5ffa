package dev.everbearer.login.internal;

import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Request;
import dev.everbearer.wire.FormBody;
import dev.everbearer.wire.JsonText;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** The authorization request (RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
final class AuthorizationUrl {

  private static final String OPENID = "openid";

  private AuthorizationUrl() {}

  /**
   * What is asked for, whichever way it is brought to the server.
   *
   * @param mode how the answer is to come back
   */
  static FormBody parameters(
      String clientId,
      AuthorizationCodeGrant grant,
      PendingAuthorization pending,
      AnswerMode mode) {
    Request request = grant.request();
    FormBody form =
        new FormBody()
            .add("response_type", "code")
            .add("client_id", clientId)
            .add("redirect_uri", pending.redirectUri());
    if (!request.scope().isEmpty()) {
      form.add("scope", request.scope().toString());
    }
    form.add("state", pending.state())
        .add("code_challenge", Pkce.challenge(pending.verifier()))
        .add("code_challenge_method", Pkce.METHOD);
    if (request.scope().tokens().contains(OPENID)) {
      form.add("nonce", pending.nonce());
    }
    String responseMode = mode.parameter();
    if (responseMode != null) {
      form.add("response_mode", responseMode);
    }
    request.resources().forEach(resource -> form.add("resource", resource.toString()));
    request.audiences().forEach(audience -> form.add("audience", audience));
    if (!request.details().isEmpty()) {
      form.add("authorization_details", JsonText.of(request.details()));
    }
    return form.addAll(grant.authorizationParameters());
  }

  /**
   * The endpoint with the parameters behind its own query, if it has one (RFC 6749 section 3.1).
   *
   * @throws IllegalArgumentException if the endpoint's query has one of the parameters already
   */
  static URI of(URI endpoint, FormBody parameters) {
    String query = endpoint.getRawQuery();
    if (query == null || query.isEmpty()) {
      String base = query == null ? endpoint.toString() : withoutEnd(endpoint.toString());
      return URI.create(base + "?" + parameters.encoded());
    }
    for (String pair : query.split("&")) {
      String name = URLDecoder.decode(pair.split("=", 2)[0], StandardCharsets.UTF_8);
      if (parameters.contains(name)) {
        throw new IllegalArgumentException(
            "its authorization endpoint has a query with '%s' in it, which is ours to send"
                .formatted(name));
      }
    }
    return URI.create(endpoint + "&" + parameters.encoded());
  }

  private static String withoutEnd(String endpoint) {
    return endpoint.substring(0, endpoint.length() - 1);
  }
}
