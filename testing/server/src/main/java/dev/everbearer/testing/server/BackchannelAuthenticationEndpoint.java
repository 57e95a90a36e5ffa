package dev.everbearer.testing.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The healthy backchannel authentication endpoint (CIBA section 7). */
final class BackchannelAuthenticationEndpoint {

  private static final int LONGEST_TOKEN = 1024;

  /** 128 bits in base64url. */
  private static final int SHORTEST_TOKEN = 22;

  private static final List<String> HINTS =
      List.of("login_hint_token", "id_token_hint", "login_hint");

  private final ClientAuthenticator clients;
  private final GrantRules grants;
  private final PendingLogins logins;
  private final CibaScript script;

  BackchannelAuthenticationEndpoint(
      ClientAuthenticator clients, GrantRules grants, PendingLogins logins, CibaScript script) {
    this.clients = clients;
    this.grants = grants;
    this.logins = logins;
    this.script = script;
  }

  Answer answer(RecordedRequest request, OAuthForm form) {
    // 1. Only clients that prove who they are.
    RegisteredClient client = clients.authenticate(request, form);
    if (client.isPublic()) {
      throw OAuthError.of("unauthorized_client", "A client without a secret cannot do this");
    }
    // 2. One hint about the person, and the scope of OpenID Connect.
    if (HINTS.stream().filter(form::has).count() != 1) {
      throw OAuthError.invalidRequest("There must be one of " + HINTS);
    }
    if (!form.scope().contains("openid")) {
      throw OAuthError.of("invalid_scope", "The scope must hold openid");
    }
    grants.check(form);
    // 3. How the client hears of the end.
    if (CibaScript.isPinged(client)) {
      checkNotificationToken(form.required("client_notification_token"));
    }
    return started(client, form);
  }

  private static void checkNotificationToken(String token) {
    boolean hasGoodLength = token.length() >= SHORTEST_TOKEN && token.length() <= LONGEST_TOKEN;
    if (!hasGoodLength || !token.matches("[A-Za-z0-9._~+/-]+=*")) {
      throw OAuthError.invalidRequest(
          "The client_notification_token is malformed or has a wrong length");
    }
  }

  private Answer started(RegisteredClient client, OAuthForm form) {
    Duration lifetime =
        form.first("requested_expiry").map(text -> seconds(text)).orElse(script.lifetime());
    PendingLogin pending =
        logins.start(
            RandomValues.next("ciba-"),
            client,
            form,
            lifetime,
            CibaScript.isPinged(client) ? Duration.ZERO : script.interval());
    script.started(pending);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("auth_req_id", pending.id());
    document.put("expires_in", lifetime.toSeconds());
    document.put("interval", script.interval().toSeconds());
    return Answers.uncached(Answer.json(200, Json.write(document)));
  }

  private static Duration seconds(String text) {
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw OAuthError.invalidRequest("The requested_expiry is no positive number: " + text);
    }
    return Duration.ofSeconds(Long.parseLong(text));
  }
}
